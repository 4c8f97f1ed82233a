// What the phone keeps: one database per conference. Scans are only added; what the server acknowledged is marked, and leaves with
// the day. No name of a person stands here in the clear.
export async function openStore(slug) {
  const db = await new Promise((resolve, reject) => {
    const opening = indexedDB.open(`hoi-nghi-door:${slug}`, 1);
    opening.onupgradeneeded = () => {
      const scans = opening.result.createObjectStore("scans", { keyPath: "n", autoIncrement: true });
      for (const name of ["waiting", "entered", "refused"]) scans.createIndex(name, name);
      opening.result.createObjectStore("facts");
      opening.result.createObjectStore("carried", { keyPath: "mac" });
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = opening.onblocked = () => reject(opening.error);
  });
  return new Store(db);
}

// One at a time in a transaction: two would read the same number.
function add(scans, facts, first, scan, then) {
  const key = `next:${scan.device}`;
  facts.get(key).onsuccess = ({ target }) => {
    const sequence = Math.max(target.result ?? 0, first), row = { ...scan, sequence, waiting: 1 };
    facts.put(sequence + 1, key);
    scans.add(row).onsuccess = (event) => then({ ...row, n: event.target.result });
  };
}

class Store {
  constructor(db) { this.db = db; db.onversionchange = () => db.close(); }

  // One transaction; resolves with what `work` noted once everything is on the disk.
  run(mode, names, work) {
    return new Promise((resolve, reject) => {
      const transaction = this.db.transaction(names, mode, { durability: "strict" });
      const stores = names.map((name) => transaction.objectStore(name)), note = {};
      transaction.oncomplete = () => resolve(note.value);
      transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
      work(note, ...stores);
    });
  }

  ask(name, question) {
    return this.run("readonly", [name], (note, store) => { question(store).onsuccess = ({ target }) => { note.value = target.result; }; });
  }

  get(key) { return this.ask("facts", (facts) => facts.get(key)); }
  set(key, value) { return this.run("readwrite", ["facts"], (note, facts) => { facts.put(value, key); }); }
  forget(...keys) { return this.run("readwrite", ["facts"], (note, facts) => { for (const key of keys) facts.delete(key); }); }

  // The name that parcels of a device bear.
  rename(device, name) {
    return this.run("readwrite", ["facts"], (note, facts) => {
      facts.get(`device:${device}`).onsuccess = ({ target: { result } }) => { if (result) facts.put({ ...result, name }, `device:${device}`); };
    });
  }

  // Adds a scan of a device under its next number; `first` where it never had one.
  append(device, first, scan) {
    return this.run("readwrite", ["scans", "facts"], (note, scans, facts) => add(scans, facts, first, { ...scan, device }, (row) => { note.value = row; }));
  }

  waiting(most) { return this.ask("scans", (scans) => scans.index("waiting").getAll(1, most)); }
  count() { return this.ask("scans", (scans) => scans.index("waiting").count()); }
  refused() { return this.ask("scans", (scans) => scans.index("refused").getAll()); }
  entered(who) { return this.ask("scans", (scans) => scans.index("entered").get(who)); }

  // Scans that still wait, by their n. `become`: the row as it is on the disk → { change, correction }; members that become undefined
  // leave the row, a correction is added in the same transaction. Gives the rows that were changed; what another page of this phone
  // settled first is left alone.
  settle(wanted, become) {
    return this.run("readwrite", ["scans", "facts"], (note, scans, facts) => {
      const left = [...wanted], changed = note.value = [];
      const step = () => {
        if (!left.length) return;
        scans.get(left.shift()).onsuccess = ({ target: { result: row } }) => {
          if (!row?.waiting) return step();
          const { change, correction } = become(row);
          Object.assign(row, change);
          for (const name of Object.keys(row)) if (row[name] === undefined) delete row[name];
          scans.put(row);
          changed.push(row);
          if (correction) add(scans, facts, 0, correction, step); else step();
        };
      };
      step();
    });
  }

  // Refused scans wait again.
  retry() {
    return this.run("readwrite", ["scans"], (note, scans) => {
      scans.index("refused").openCursor().onsuccess = ({ target: { result: cursor } }) => {
        if (!cursor) return;
        const { refused, ...row } = cursor.value;
        cursor.update({ ...row, waiting: 1 });
        cursor.continue();
      };
    });
  }

  scan(n) { return this.ask("scans", (scans) => scans.get(n)); }

  // The day is over: what the server holds leaves the phone, what it does not hold stays.
  sweep() {
    return this.run("readwrite", ["scans"], (note, scans) => {
      scans.openCursor().onsuccess = ({ target: { result: cursor } }) => {
        if (!cursor) return;
        if (!cursor.value.waiting && !cursor.value.refused) cursor.delete();
        cursor.continue();
      };
    });
  }

  // Parcels of other phones: as they came, and `refused`: why the server did not take one.
  carried() { return this.ask("carried", (carried) => carried.getAll()); }
  carry(parcel) { return this.run("readwrite", ["carried"], (note, carried) => { carried.put(parcel); }); }
  resume(mac) {
    return this.run("readwrite", ["carried"], (note, carried) => {
      carried.get(mac).onsuccess = ({ target: { result } }) => {
        if (!result) return;
        const { refused, ...parcel } = result;
        carried.put(parcel);
      };
    });
  }
  deliver(mac) { return this.run("readwrite", ["carried"], (note, carried) => { carried.delete(mac); }); }
}
