export namespace bindings {
	
	export interface PathView {
	    groupId: string;
	    group: string;
	    roles: string[];
	    default: boolean;
	    synced: string;
	    seat: boolean;
	    effect: string;
	    others: string[];
	    also: string[];
	}
	export interface AccessView {
	    app: string;
	    site: string;
	    siteUrl: string;
	    lastActive: string;
	    activity: string;
	    via: string[];
	    paths: PathView[];
	    known: boolean;
	    direct: string;
	    inferred: boolean;
	    seat: string;
	    idle: string;
	}
	export interface NamedID {
	    id: string;
	    name: string;
	}
	export interface FieldView {
	    name: string;
	    label: string;
	    help: string;
	    placeholder: string;
	    type: string;
	    required: boolean;
	    choices: NamedID[];
	    min: number;
	    max: number;
	    most: number;
	    longest: number;
	    of: string;
	    docsUrl: string;
	    docsLabel: string;
	}
	export interface ActionView {
	    kind: string;
	    groups: boolean;
	    title: string;
	    verb: string;
	    effect: string;
	    undo: string;
	    docs: string;
	    risk: string;
	    reversible: boolean;
	    params: FieldView[];
	    supported: boolean;
	    reason: string;
	    needsKey: boolean;
	}
	export interface SupportView {
	    capability: string;
	    supported: boolean;
	    reason: string;
	}
	export interface FindingView {
	    check: string;
	    title: string;
	    state: string;
	    message: string;
	    hint: string;
	    reason: string;
	}
	export interface TestView {
	    ok: boolean;
	    name: string;
	    findings: FindingView[];
	    capabilities: SupportView[];
	    operatorName: string;
	    keyExpires: string;
	    testedAt: string;
	}
	export interface FieldProblem {
	    field: string;
	    message: string;
	}
	export interface Problem {
	    code: string;
	    reason: string;
	    message: string;
	    hint: string;
	    field: string;
	    more?: FieldProblem[];
	}
	export interface SyncView {
	    sourceId: string;
	    state: string;
	    startedAt: string;
	    finishedAt: string;
	    step: string;
	    peopleDone: number;
	    peopleTotal: number;
	    groupsDone: number;
	    groupsTotal: number;
	    requests: number;
	    waitingMs: number;
	    silentMs: number;
	    party: string;
	    added: number;
	    changed: number;
	    removed: number;
	    drift: string;
	    problem?: Problem;
	    revision: number;
	    completeAt: string;
	    partial: boolean;
	    stale: boolean;
	    kind: string;
	    note: string;
	    resumed: boolean;
	    resumable: boolean;
	    changesAt: string;
	    canFollow: boolean;
	    people: number;
	    groups: number;
	}
	export interface KeyCapabilityView {
	    capability: string;
	    title: string;
	    key: string;
	    reason: string;
	    changes: boolean;
	}
	export interface ChangeKeyView {
	    keeping: string;
	    key: KeyView;
	    testedAt: string;
	}
	export interface KeysView {
	    canAdd: boolean;
	    changes: ChangeKeyView;
	    capabilities: KeyCapabilityView[];
	}
	export interface KeyView {
	    phase: string;
	    expires: string;
	    days: number;
	    words: string;
	}
	export interface SourceView {
	    id: string;
	    kind: string;
	    kindTitle: string;
	    name: string;
	    color: string;
	    settings: Record<string, string>;
	    paused: boolean;
	    demo: boolean;
	    keyExpires: string;
	    key: KeyView;
	    keys: KeysView;
	    createdAt: string;
	    testedAt: string;
	    sync: SyncView;
	}
	export interface AddedSource {
	    source?: SourceView;
	    test: TestView;
	}
	export interface AllowlistView {
	    site: string;
	    verdict: string;
	    message: string;
	    hint: string;
	    addresses: string[];
	    known: string;
	}
	export interface AppChoice {
	    appId: string;
	    key: string;
	    name: string;
	    site: string;
	    roles: NamedID[];
	}
	export interface RaisedView {
	    caps: string[];
	    words: string;
	    reason: string;
	}
	export interface RunView {
	    id: string;
	    planId: string;
	    sourceId: string;
	    sourceName: string;
	    action: string;
	    actionTitle: string;
	    groups: boolean;
	    params: Record<string, string>;
	    trigger: string;
	    operator: string;
	    selection: string;
	    note: string;
	    undoOf: string;
	    undoneBy: string;
	    state: string;
	    pauseReason: string;
	    createdAt: string;
	    finishedAt: string;
	    total: number;
	    raised?: RaisedView;
	    counts: Record<string, number>;
	    finished: number;
	    canUndo: boolean;
	    undoReason: string;
	}
	export interface QuitView {
	    state: string;
	    runs: RunView[];
	}
	export interface KeyringView {
	    backend: string;
	    ready: boolean;
	    reason: string;
	    message: string;
	    hint: string;
	    fileMade: boolean;
	}
	export interface AppInfo {
	    version: string;
	    platform: string;
	    dataDir: string;
	    ready: boolean;
	    problem?: Problem;
	    demo: boolean;
	    simulator: boolean;
	    tray: boolean;
	    notifications: string;
	    keyring: KeyringView;
	    theme: string;
	    activeSource: string;
	    rebuilding: boolean;
	    quit: QuitView;
	}
	export interface TileNumber {
	    name: string;
	    count: number;
	    filter: string;
	}
	export interface AppTile {
	    appId: string;
	    app: string;
	    site: string;
	    siteUrl: string;
	    plan: string;
	    usage: number;
	    partial: boolean;
	    numbers: TileNumber[];
	}
	export interface AttentionItem {
	    kind: string;
	    level: string;
	    title: string;
	    hint: string;
	    count: number;
	    page: string;
	    filter: string;
	    query: Record<string, string>;
	}
	export interface AttentionView {
	    items: AttentionItem[];
	    hidden: AttentionItem[];
	}
	export interface BadRow {
	    line: number;
	    reason: string;
	    whole: boolean;
	}
	export interface ChangeKeyDraft {
	    key: string;
	    ask: boolean;
	    expires: string;
	}
	
	export interface DiffView {
	    field: string;
	    before: string;
	    after: string;
	}
	export interface ChangeView {
	    seq: number;
	    accountId: string;
	    name: string;
	    email: string;
	    group: string;
	    role: string;
	    verdict: string;
	    reason: string;
	    used: string;
	    diffs: DiffView[];
	}
	export interface ChangePage {
	    changes: ChangeView[];
	    total: number;
	}
	export interface ChangeQuery {
	    planId: string;
	    verdict: string;
	    search: string;
	    used: boolean;
	    from: number;
	    count: number;
	}
	
	export interface Completion {
	    label: string;
	    detail: string;
	    insert: string;
	    start: number;
	    end: number;
	}
	
	export interface DirectoryState {
	    name: string;
	    status: string;
	}
	export interface DomainView {
	    name: string;
	    verified: boolean;
	}
	export interface RightView {
	    what: string;
	    managed: boolean;
	}
	export interface OrganizationDomains {
	    sourceId: string;
	    name: string;
	    synced: boolean;
	    domains: DomainView[];
	}
	export interface DomainsView {
	    organizations: OrganizationDomains[];
	    rights: RightView[];
	}
	export interface DriftView {
	    stale: boolean;
	    changes: number;
	    total: number;
	}
	export interface ExportFormat {
	    name: string;
	    title: string;
	    columns: number;
	}
	export interface ExportRequest {
	    id: string;
	    sourceId: string;
	    snapshot: string;
	    format: string;
	    columns: string[];
	}
	export interface Exported {
	    path: string;
	    rows: number;
	}
	
	
	export interface FilterError {
	    start: number;
	    end: number;
	    message: string;
	    expected: string[];
	    suggestion: string;
	}
	export interface FilterField {
	    name: string;
	    label: string;
	    docs: string;
	    type: string;
	    operators: string[];
	    values: string[];
	    dynamic: boolean;
	    argument: string;
	    example: string;
	}
	
	export interface FoundOrganizationView {
	    id: string;
	    name: string;
	    message: string;
	}
	export interface GoneApp {
	    appId: string;
	    app: string;
	    site: string;
	    last: string;
	}
	export interface GroupGrant {
	    app: string;
	    roles: string[];
	    default: boolean;
	}
	export interface GroupRow {
	    groupId: string;
	    name: string;
	    description: string;
	    directory: string;
	    members: number;
	    counted: number;
	    synced: string;
	    locked: string;
	    adminsOf: string;
	    grants: GroupGrant[];
	    grantsKnown: boolean;
	    apps: number;
	    filter: string;
	}
	export interface GroupList {
	    groups: GroupRow[];
	    total: number;
	    all: number;
	    kinds: Record<string, number>;
	    grantsKnown: boolean;
	    directories: NamedID[];
	}
	export interface GroupView {
	    groupId: string;
	    name: string;
	    description: string;
	    synced: string;
	    locked: string;
	    members: number;
	    filter: string;
	}
	export interface GroupPage {
	    groups: GroupView[];
	    total: number;
	}
	export interface GroupQuery {
	    sourceId: string;
	    search: string;
	    kind: string;
	    sort: string;
	    desc: boolean;
	    from: number;
	    count: number;
	}
	
	
	export interface GuardView {
	    level: string;
	    rule: string;
	    message: string;
	    hint: string;
	    names: string[];
	}
	export interface ImportApp {
	    name: string;
	    site: string;
	    means: string;
	}
	export interface ImportView {
	    kind: string;
	    title: string;
	    fileName: string;
	    asOf: string;
	    importedAt: string;
	    rows: number;
	    matched: number;
	    activity: boolean;
	}
	export interface MissedRow {
	    line: number;
	    accountId: string;
	    email: string;
	    name: string;
	    reason: string;
	}
	export interface ImportPreview {
	    id: string;
	    fileName: string;
	    kind: string;
	    title: string;
	    asOf: string;
	    rows: number;
	    matched: number;
	    twice: number;
	    activity: number;
	    apps: ImportApp[];
	    unknown: string[];
	    unmatched: MissedRow[];
	    misses: number;
	    bad: BadRow[];
	    badCount: number;
	    replaces?: ImportView;
	    notes: string[];
	}
	
	export interface InactiveDays {
	    days: number;
	    steps: number[];
	}
	export interface ItemView {
	    seq: number;
	    accountId: string;
	    name: string;
	    email: string;
	    group: string;
	    state: string;
	    reason: string;
	    evidence: string;
	    diffs: DiffView[];
	    finishedAt: string;
	}
	export interface ItemDetails {
	    item: ItemView;
	    attempts: number;
	    called: boolean;
	    method: string;
	    url: string;
	    body: string;
	    status: number;
	    answer: string;
	    requestId: string;
	    sentAt: string;
	    tookMs: number;
	}
	export interface ItemPage {
	    items: ItemView[];
	    total: number;
	}
	export interface ItemQuery {
	    runId: string;
	    state: string;
	    search: string;
	    from: number;
	    count: number;
	}
	
	
	
	
	
	export interface ListColumn {
	    number: number;
	    title: string;
	    people: number;
	    sample: string[];
	}
	export interface ListMatch {
	    matched: number;
	    people: number;
	    unmatched: string[];
	    unmatchedCount: number;
	    ambiguous: string[];
	    ambiguousCount: number;
	}
	export interface ListDraft {
	    id: string;
	    name: string;
	    rows: number;
	    column: string;
	    choice: number;
	    entries: number;
	    twice: number;
	    bad: BadRow[];
	    match: ListMatch;
	    columns: ListColumn[];
	    badCount: number;
	}
	
	
	
	export interface NoticeView {
	    level: string;
	    title: string;
	    message: string;
	}
	export interface StepView {
	    step: string;
	    title: string;
	    why: string;
	    linkUrl: string;
	    linkLabel: string;
	    skippable: boolean;
	    state: string;
	}
	export interface OnboardingView {
	    steps: StepView[];
	    next: string;
	    complete: boolean;
	    appears: boolean;
	    welcome: boolean;
	    version: string;
	    previous: string;
	    allowlist?: AllowlistView;
	}
	
	export interface OutsideView {
	    count: number;
	    of: number;
	    names: string[];
	}
	export interface ParsedFilter {
	    canonical: string;
	    explain: string;
	    tree: string;
	    count: number;
	    error?: FilterError;
	    warnings: FilterError[];
	}
	
	export interface PeopleList {
	    id: string;
	    name: string;
	    entries: number;
	    updatedAt: string;
	    filter: string;
	    match: ListMatch;
	}
	export interface PeopleQuery {
	    sourceId: string;
	    filter: string;
	    search: string;
	    sort: string;
	    desc: boolean;
	    selected: boolean;
	    shown: boolean;
	}
	export interface PersonEvent {
	    at: string;
	    kind: string;
	    group: string;
	    status: string;
	}
	export interface PersonRow {
	    id: number;
	    accountId: string;
	    name: string;
	    email: string;
	    status: string;
	    managed: string;
	    origin: string;
	    apps: string[];
	    lastActive: string;
	    activity: string;
	    groups: number;
	    roles: string[];
	    department: string;
	    jobTitle: string;
	    location: string;
	    addedAt: string;
	    mfa: string;
	    billable: string;
	    type: string;
	    userName: string;
	    policy: string;
	    readAt: string;
	    selected: boolean;
	}
	export interface PersonRunView {
	    runId: string;
	    seq: number;
	    action: string;
	    state: string;
	    reason: string;
	    at: string;
	    note: string;
	    by: string;
	    undo: boolean;
	    group: string;
	}
	export interface PersonView {
	    row: PersonRow;
	    nickname: string;
	    emailVerified: string;
	    organization: string;
	    timeZone: string;
	    deactivatedAt: string;
	    directories: DirectoryState[];
	    access: AccessView[];
	    groupList: GroupView[];
	    protected: string;
	    runs: PersonRunView[];
	    runsTotal: number;
	    history: PersonEvent[];
	}
	export interface PlanRequest {
	    sourceId: string;
	    action: string;
	    params: Record<string, string>;
	    note: string;
	    selection: string;
	    groups: string[];
	}
	export interface PlanView {
	    id: string;
	    hash: string;
	    sourceId: string;
	    sourceName: string;
	    action: ActionView;
	    params: Record<string, string>;
	    trigger: string;
	    selection: string;
	    note: string;
	    undoOf: string;
	    createdAt: string;
	    expiresAt: string;
	    sentence: string;
	    guard: GuardView[];
	    counts: Record<string, number>;
	    total: number;
	    people: number;
	    changes: number;
	    blocked: boolean;
	    mustType: boolean;
	    words: string;
	    buttonLabel: string;
	    key: string;
	    asksKey: boolean;
	    outside: OutsideView;
	}
	
	
	
	export interface RecheckView {
	    plan: PlanView;
	    changed: number;
	    names: string[];
	    checked: number;
	    skipped: string;
	}
	
	export interface RunPage {
	    runs: RunView[];
	    total: number;
	}
	export interface RunQuery {
	    actions: string[];
	    sourceIds: string[];
	    states: string[];
	    outcome: string;
	    from: string;
	    to: string;
	    search: string;
	    offset: number;
	    limit: number;
	}
	
	export interface SavedDraft {
	    id: string;
	    name: string;
	    description: string;
	    filter: string;
	    columns: string[];
	    sort: string;
	    desc: boolean;
	    density: number;
	    pinned: boolean;
	}
	export interface SavedFilter {
	    id: string;
	    name: string;
	    description: string;
	    filter: string;
	    columns: string[];
	    sort: string;
	    desc: boolean;
	    density: number;
	    pinned: boolean;
	    updatedAt: string;
	    count: number;
	    error?: FilterError;
	}
	export interface SavedImport {
	    added: string[];
	    renamed: number;
	    same: number;
	}
	export interface SelectRequest {
	    snapshot: string;
	    op: string;
	    from: number;
	    to: number;
	}
	export interface SelectionView {
	    count: number;
	    here: number;
	    all: boolean;
	    aside: number;
	}
	export interface SnapshotView {
	    id: string;
	    total: number;
	    filter: string;
	    partial: boolean;
	    stale: boolean;
	    all: number;
	    sort: string;
	    desc: boolean;
	    error?: FilterError;
	}
	export interface SourceDraft {
	    kind: string;
	    name: string;
	    color: string;
	    values: Record<string, string>;
	    keyExpires: string;
	}
	export interface SourceKindView {
	    kind: string;
	    title: string;
	    summary: string;
	    fields: FieldView[];
	    supports: SupportView[];
	}
	
	
	export interface SubjectView {
	    key: string;
	    accountId: string;
	    name: string;
	    email: string;
	}
	export interface SubjectPage {
	    subjects: SubjectView[];
	    total: number;
	}
	
	
	
	export interface TaskRunView {
	    id: number;
	    what: string;
	    dueAt: string;
	    startedAt: string;
	    finishedAt: string;
	    outcome: string;
	    result: string;
	    attempts: number;
	}
	export interface TaskView {
	    id: string;
	    kind: string;
	    sourceId: string;
	    active: boolean;
	    mode: string;
	    hours: number;
	    at: string;
	    zone: string;
	    params: Record<string, string>;
	    fields: FieldView[];
	    nextAt: string;
	    lastAt: string;
	}
	
	
	export interface TrendPoint {
	    day: string;
	    computed: boolean;
	    values: number[];
	}
	export interface TrendQuery {
	    sourceId: string;
	    appId: string;
	    days: number;
	    inactive: number;
	}
	export interface TrendSeries {
	    name: string;
	    title: string;
	}
	export interface TrendView {
	    series: TrendSeries[];
	    points: TrendPoint[];
	    step: number;
	    summary: string;
	    zone: string;
	    zones: number;
	}

}

