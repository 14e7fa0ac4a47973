package templates

// The parts of staff pages, for tests that show them together.
var (
	StaffLayout = staffLayout
	EmptyState  = emptyState
	StatusChip  = statusChip
	PagerOf     = pager
	SortHead    = sortHead
	Filter      = filterForm
	Select      = selectField
	Problems    = problemList
	KeyValues   = keyValues
	Tabs        = tabs
	Progress    = progressBar
	ConfirmBox  = confirmBox
)
