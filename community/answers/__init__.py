"""A community's own answers 问答: what people ask about procedures and offices, each with its source and date."""
