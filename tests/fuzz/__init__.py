"""Made-up input for all that reads what visitors give: it is read, or refused with a sentence."""
