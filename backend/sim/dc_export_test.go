package sim

// DataCenterRoutes lists the calls that a Data Center instance serves, below its context path.
func DataCenterRoutes() []string {
	var all []string
	for _, r := range dcRoutes(DataCenterConfig{}) {
		all = append(all, r.method+" "+r.template)
	}
	return all
}
