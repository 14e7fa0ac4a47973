package sqlstore

// ReceiptSearch is the statement of FindReceipt.
var ReceiptSearch = receiptSearch
