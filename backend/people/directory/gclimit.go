package directory

import "runtime/debug"

// gcLimit is how much garbage there may be for each byte in use, in percent, while a first index is made; Go's usual
// share is 100. The most that the program ever takes is at its start, and there is little to collect then.
const gcLimit = 30

// limitGC notes that one more index is being made for the first time, or one less.
func (s *Service) limitGC(more int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.opening
	s.opening += more
	if was == 0 {
		s.collects = debug.SetGCPercent(gcLimit)
	} else if s.opening == 0 {
		debug.SetGCPercent(s.collects)
	}
}
