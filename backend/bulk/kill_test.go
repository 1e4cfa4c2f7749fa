package bulk_test

const childVariable = "SEATKEEPER_BULK_CHILD"

func child() int { return 0 }
