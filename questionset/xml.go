package questionset

import (
	"shiken/internal/xmltree"
)

// xmlFaults are the findings about documents that cannot be read.
var xmlFaults = map[xmltree.Reason]Code{
	xmltree.Malformed:   codeXMLMalformed,
	xmltree.Declaration: codeXMLDeclaration,
	xmltree.TooDeep:     codeXMLTooDeep,
	xmltree.TooMany:     codeXMLTooMany,
	xmltree.Encoding:    codeXMLEncoding,
}

// xmlFault reports why a document cannot be read; p says which it is, the fault in which line.
func (r *Report) xmlFault(p place, fault *xmltree.Fault) {
	p.line = fault.Line
	r.error(p, xmlFaults[fault.Reason], "detail", fault.Detail)
}
