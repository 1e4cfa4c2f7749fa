import { CloseButton, Combobox, InputBase, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconFilter } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { type Completion, complete, type FilterError, useParsedFilter } from "../../api/people";
import { plainMarks } from "../../util/marks";
import { useStill } from "../useStill";
import classes from "./Filter.module.css";
import { Mistake, MistakeUnderline } from "./Mistake";

/** How long typing rests before proposals and mistakes follow, in milliseconds. */
const PROPOSE_MS = 60;
const CHECK_MS = 300;

interface FilterLineProps {
  sourceId: string;
  value: string;
  onApply(text: string): void;
}

/** The filter as text, with proposals at the cursor. Enter applies it; a mistake is underlined where it stands. */
export function FilterLine({ sourceId, value, onApply }: FilterLineProps) {
  const [text, setText] = useState(value);
  const [applied, setApplied] = useState(value);
  const [cursor, setCursor] = useState(0);
  const [focused, setFocused] = useState(false);
  const [left, setLeft] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [proposals, setProposals] = useProposals(sourceId, text, cursor, focused);

  // The filter was changed elsewhere: by a chip, a link, back or forward.
  if (value !== applied) {
    setApplied(value);
    setText(value);
  }

  const [checked] = useDebouncedValue(text, CHECK_MS);
  const parsed = useParsedFilter(sourceId, checked);
  const found = checked === text && !parsed.isPlaceholderData ? (parsed.data?.error ?? undefined) : undefined;
  // Who is still typing has not made a mistake by not being finished.
  const word = proposals.length > 0 && cursor === text.length && found?.end === text.length;
  const unfinished = focused && found !== undefined && (word || found.start >= text.trimEnd().length);
  const mistake: FilterError | undefined = unfinished ? undefined : found;

  const applies = text.trim() === value;
  const explain =
    !mistake && parsed.data?.explain && checked === text
      ? `${parsed.data.explain}${applies ? "" : " Press Enter to apply."}`
      : "";
  // Doubts come later than the list, or with a sync: not while the pointer is on its rows.
  const doubted = useStill(
    { text: checked, all: parsed.isPlaceholderData ? [] : (parsed.data?.warnings ?? []) },
    "",
    ({ all }) => JSON.stringify(all),
    "[role=grid]",
  ).shown;

  const apply = (next: string) => {
    combobox.closeDropdown();
    setProposals([]);
    setText(next);
    setApplied(next);
    onApply(next);
  };
  const accept = (index: number) => {
    const chosen = proposals[index];
    if (!chosen) {
      return;
    }
    const next = text.slice(0, chosen.start) + chosen.insert + text.slice(chosen.end);
    const at = chosen.start + chosen.insert.length;
    // Written at once: who types on in the same instant must find the cursor behind what was put in.
    flushSync(() => {
      setText(next);
      setCursor(at);
      setProposals([]);
    });
    input.current?.setSelectionRange(at, at);
    combobox.resetSelectedOption();
  };
  const onKeyDown = (e: KeyboardEvent<HTMLInputElement>) => {
    const open = combobox.dropdownOpened && proposals.length > 0;
    if (e.key === "Enter" && (!open || combobox.getSelectedOptionIndex() < 0)) {
      e.preventDefault();
      e.stopPropagation();
      apply(text.trim());
    } else if (e.key === "Tab" && open && !e.shiftKey) {
      e.preventDefault();
      accept(Math.max(0, combobox.getSelectedOptionIndex()));
    } else if (e.key === "Escape" && !open) {
      apply(value);
    }
  };
  const doubts =
    mistake || checked !== text || doubted.text !== text
      ? []
      : doubted.all.map((w) => <Mistake key={w.start} mistake={w} mild onFix={apply} />);
  const moved = (el: HTMLInputElement) => {
    setCursor(el.selectionStart ?? el.value.length);
    setLeft(el.scrollLeft);
  };

  return (
    <div>
      <Combobox
        store={combobox}
        onOptionSubmit={(v) => accept(Number(v))}
        position="bottom-start"
        width={360}
        transitionProps={{ duration: 0 }}
      >
        <Combobox.Target>
          <InputBase
            ref={input}
            aria-label="Filter"
            error={mistake !== undefined}
            aria-describedby={mistake ? "filter-mistake" : undefined}
            placeholder={"Filter, e.g.  status = active AND lastActive < -90d"}
            leftSection={<IconFilter size={15} aria-hidden />}
            rightSectionPointerEvents="all"
            rightSection={
              text ? <CloseButton size="sm" aria-label="Clear the filter" onClick={() => apply("")} /> : undefined
            }
            classNames={{ input: classes.input }}
            value={text}
            autoComplete="off"
            spellCheck={false}
            onChange={(e) => {
              setText(e.currentTarget.value);
              moved(e.currentTarget);
              combobox.openDropdown();
              combobox.updateSelectedOptionIndex();
            }}
            onSelect={(e) => moved(e.currentTarget)}
            onScroll={(e) => setLeft(e.currentTarget.scrollLeft)}
            onKeyDown={onKeyDown}
            onFocus={() => {
              setFocused(true);
              combobox.openDropdown();
            }}
            onBlur={() => {
              setFocused(false);
              combobox.closeDropdown();
            }}
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={proposals.length === 0}>
          <Combobox.Options mah={280} className={classes.options} aria-label="Proposals">
            {proposals.map((p, i) => (
              <Combobox.Option value={String(i)} key={`${p.label} ${p.insert}`}>
                <span className={classes.proposal}>
                  <bdi>{plainMarks(p.label)}</bdi>
                  <span className={classes.detail}>{p.detail}</span>
                </span>
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {mistake ? <MistakeUnderline text={text} mistake={mistake} left={left} /> : null}
      <div className={classes.notes}>
        <div className={classes.explain} title={explain || undefined}>
          {text === "" ? "No filter" : explain}
        </div>
        {applies ? doubts : null}
        {mistake || (!applies && doubts.length > 0) ? (
          <div className={classes.over}>
            {mistake ? <Mistake id="filter-mistake" mistake={mistake} onFix={apply} /> : doubts}
          </div>
        ) : null}
      </div>
    </div>
  );
}

/** The proposals for the text at the cursor; only the newest answer counts. */
function useProposals(sourceId: string, text: string, cursor: number, focused: boolean) {
  const [proposals, setProposals] = useState<Completion[]>([]);
  useEffect(() => {
    if (!focused) {
      setProposals([]);
      return;
    }
    let current = true;
    const timer = setTimeout(() => {
      complete(sourceId, text, cursor).then(
        (found) => current && setProposals(found),
        // Proposals are a courtesy: without them one can still type.
        () => current && setProposals([]),
      );
    }, PROPOSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [sourceId, text, cursor, focused]);
  return [proposals, setProposals] as const;
}
