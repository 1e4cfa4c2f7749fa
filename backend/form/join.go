package form

import "seatkeeper/backend/domain"

// Join makes one error of what is wrong with several inputs: the first, with the others in More. Nil ones are left out.
func Join(wrong ...error) error {
	var joined *domain.Error
	for _, err := range wrong {
		if err == nil {
			continue
		}
		e := *domain.AsError(err)
		also := append([]*domain.Error{&e}, e.More...)
		e.More = nil
		if joined == nil {
			joined, also = &e, also[1:]
		}
		joined.More = append(joined.More, also...)
	}
	if joined == nil {
		return nil
	}
	return joined
}
