/// One line of a menu.
package struct ConsoleEntry: Equatable, Sendable {
    /// What happens when it is chosen.
    package enum Choice: Equatable, Sendable {
        /// The plan of a task is shown.
        case task(ConsoleTask)
        /// Something is looked up and shown.
        case open(ConsoleSubject)
        /// Something is asked for first.
        case ask(ConsoleForm)
        /// Somebody logs in.
        case logIn
        /// Nothing; a sentence says why.
        case nothing(String)
    }

    /// The key that chooses it.
    package var key: Character
    /// What it does, in a few words.
    package var label: String
    /// What happens when it is chosen.
    package var choice: Choice

    /// Makes an entry.
    package init(_ key: Character, _ label: String, _ choice: Choice) {
        (self.key, self.label, self.choice) = (key, label, choice)
    }
}

/// What a console looks up when it is asked for.
package enum ConsoleSubject: Hashable, Sendable {
    /// Images that can be installed.
    case sources
    /// Disks that a live system can be installed on.
    case disks
    /// The interfaces of the network.
    case network
    /// Media that a report can be written onto.
    case media
    /// What can be read: status, messages, a report.
    case details
    /// The whole status.
    case status
    /// What the kernel and the services said.
    case messages
    /// How the session of the machine is ended.
    case ending
}

/// Choices, one of which is marked.
package struct ConsoleMenu: Equatable, Sendable {
    /// What stands above it.
    package var title: String
    /// The choices, never empty when it is shown.
    package var entries: [ConsoleEntry]
    /// The place of the marked one.
    package var marked: Int = 0

    /// Makes a menu whose first choice is marked.
    package init(_ title: String, _ entries: [ConsoleEntry]) { (self.title, self.entries) = (title, entries) }

    /// The entry that is marked; nil in an empty menu.
    package var entry: ConsoleEntry? { entries.indices.contains(marked) ? entries[marked] : nil }

    /// Marks the next or the one before; after the last comes the first.
    mutating func move(by step: Int) {
        guard !entries.isEmpty else { return }
        marked = (marked + step + entries.count) % entries.count
    }

    /// Marks the entry of a key; false when there is none.
    mutating func mark(_ key: Character) -> Bool {
        guard let place = entries.firstIndex(where: { $0.key == key }) else { return false }
        marked = place
        return true
    }

    /// Gives the entries the keys 1 to 9 and a to z, in order; what comes after them has to be reached by arrows.
    static func numbered(_ title: String, _ entries: [(label: String, choice: ConsoleEntry.Choice)]) -> ConsoleMenu {
        let keys = Array("123456789acdefghijklmnoprstuvwxyz")
        return ConsoleMenu(
            title,
            entries.enumerated().map { place, entry in
                ConsoleEntry(keys.indices.contains(place) ? keys[place] : " ", entry.label, entry.choice)
            })
    }
}
