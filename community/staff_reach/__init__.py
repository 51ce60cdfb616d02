"""Staff on own channels: what is urgent reaches them there, with a link into the console and no words of a case."""
