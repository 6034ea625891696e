"""Documents for people: PDF that archives keep (PDF/A-2b), with Chinese fonts embedded."""
