package store

import (
	"database/sql"
	"testing"

	"seatkeeper/backend/domain"
)

// database/sql rolls a transaction back by itself when its context ends; whoever commits then hears that it is over already.
func TestRolledBackByItsContextIsCancelled(t *testing.T) {
	s := openTest(t, t.TempDir())
	if err := s.mirror.fault("save", sql.ErrTxDone); domain.CodeOf(err) != domain.Cancelled {
		t.Error(err)
	}
}
