package questionset

// ReadForm is ReadQuestion without what it keeps of the question that was edited.
var ReadForm = readQuestion

// SameContent compares questions but for their ids.
var SameContent = sameContent
