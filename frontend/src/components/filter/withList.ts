/** Narrows a filter to the people of a list, or to everybody else; a filter that ends in ORDER BY keeps that. */
export function withList(filter: string, list: string, exclude: boolean): string {
  const condition = exclude ? list.replace(/^list = /, "list != ") : list;
  const [, where = "", order = ""] = /^(.*?)(?:\s*\b(ORDER\s+BY\s.*))?$/is.exec(filter.trim()) ?? [];
  const narrowed = where.trim() === "" ? condition : `(${where.trim()}) AND ${condition}`;
  return order === "" ? narrowed : `${narrowed} ${order}`;
}
