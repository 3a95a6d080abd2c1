package board

// Sync is what the badge says about the exchange with the centre. Times are Unix
// milliseconds, 0 for never or not planned.
type Sync struct {
	Waiting     int   // events not yet received by the centre
	Oldest      int64 // when the oldest of them was recorded
	LastSuccess int64
	NextTry     int64
	State       string
	Note        string
}

// Clock says whether the PC's clock is believed.
type Clock struct {
	Suspect bool
	Jump    int64 // milliseconds it jumped, below zero when set back
	Since   int64 // Unix milliseconds by that same clock
}

// Disk says whether there is room to write.
type Disk struct {
	Low   bool
	Full  bool
	Free  int64 // bytes
	Since int64 // Unix milliseconds
}

// Vault says whether names can be read.
type Vault struct {
	Open  bool
	Since int64 // Unix milliseconds
}

// Work is long work that a screen shows the progress of.
type Work struct {
	ID    string
	Label string
	Done  int64
	Total int64 // 0 while unknown
	Note  string
}

// status keeps one of the structs above under its key. The value is always
// comparable and without pointers.
type status struct {
	key   string
	value any
}

const (
	syncStatus  = "sync"
	clockStatus = "clock"
	diskStatus  = "disk"
	vaultStatus = "vault"
	workStatus  = "work/"
)

// SetSync replaces what the badge says.
func (w *Writer) SetSync(s Sync) error { return w.setStatus(syncStatus, s) }

// SetClock replaces what is said about the clock.
func (w *Writer) SetClock(c Clock) error { return w.setStatus(clockStatus, c) }

// SetDisk replaces what is said about the disk.
func (w *Writer) SetDisk(d Disk) error { return w.setStatus(diskStatus, d) }

// SetVault replaces what is said about the vault.
func (w *Writer) SetVault(v Vault) error { return w.setStatus(vaultStatus, v) }

// SetWork adds or replaces the progress of one piece of work.
func (w *Writer) SetWork(work Work) error { return w.setStatus(workStatus+work.ID, work) }

// RemoveWork takes finished work away.
func (w *Writer) RemoveWork(id string) error { return remove(w, Statuses, text(workStatus+id)) }

func (w *Writer) setStatus(key string, value any) error {
	return put(w, Statuses, text(key), status{key, value})
}

// Sync reads what the badge says. Like the other statuses it is the zero value
// until it was first measured.
func (b *Board) Sync() (Sync, <-chan struct{}) { return readStatus[Sync](b, syncStatus) }

// Clock reads what is said about the clock.
func (b *Board) Clock() (Clock, <-chan struct{}) { return readStatus[Clock](b, clockStatus) }

// Disk reads what is said about the disk.
func (b *Board) Disk() (Disk, <-chan struct{}) { return readStatus[Disk](b, diskStatus) }

// Vault reads whether the vault is open.
func (b *Board) Vault() (Vault, <-chan struct{}) { return readStatus[Vault](b, vaultStatus) }

// Works lists the long work going on, by id.
func (b *Board) Works() (works []Work, watch <-chan struct{}) {
	rows, watch := each[status](b.db.Txn(false), Statuses, idIndex, []byte(workStatus))
	for _, row := range rows {
		works = append(works, row.value.(Work))
	}
	return works, watch
}

func readStatus[T any](b *Board, key string) (value T, watch <-chan struct{}) {
	row, found, watch := one[status](b.db.Txn(false), Statuses, text(key))
	if found {
		value = row.value.(T)
	}
	return value, watch
}
