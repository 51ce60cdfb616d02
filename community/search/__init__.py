"""Finding by words without reading them: texts become terms, and the database holds only what stands for a term.

`terms.py` cuts a text, `places.py` and `phones.py` add what people mean by a place or a number, `index.py` makes of
terms what is stored and asked, `asking.py` reads what somebody typed into a search field.
"""
