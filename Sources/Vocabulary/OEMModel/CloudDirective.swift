package import DocumentTree

/// What `#cloud-config` can say and no step of `stages`.
package enum CloudDirective: Equatable, Sendable {
    /// A script of several items, run as one; the name is its key.
    case script(name: String, text: String, mark: DocumentMark)
    /// The time zone: a name below the zone information of the system.
    case timezone(String, mark: DocumentMark)
    /// Lines of `/etc/fstab`, with their missing fields filled in, or a device or mount point whose line is to be gone.
    case mounts([MountLine], mark: DocumentMark)
    /// A swap file, its size in bytes, nil for that of the memory, and the most that it may be.
    case swap(path: String, bytes: Int?, limit: Int?, mark: DocumentMark)
    /// A restart or the like when all else is done.
    case power(PowerDirective)
    /// A text for the console when all else is done.
    case message(String, mark: DocumentMark)
    /// The names of this machine in `/etc/hosts`, the full one first.
    case hosts(fullName: String?, mark: DocumentMark)

    /// Where it stands.
    package var mark: DocumentMark {
        switch self {
        case .script(_, _, let mark), .timezone(_, let mark), .mounts(_, let mark), .swap(_, _, _, let mark),
            .message(_, let mark), .hosts(_, let mark):
            mark
        case .power(let power): power.mark
        }
    }
}

/// One line of `/etc/fstab`.
package struct MountLine: Equatable, Sendable {
    /// The device as it is written, `LABEL=` and the like included.
    package var device: String
    /// Where it is mounted; nil when the device's line is to be gone.
    package var target: String?
    /// The filesystem's type.
    package var filesystem = "auto"
    /// The options.
    package var options = "defaults,nofail"
    /// The number for `dump`.
    package var dump = "0"
    /// The number for `fsck`.
    package var pass = "2"
}

/// What becomes of the machine when all else is done (`power_state`).
package struct PowerDirective: Equatable, Sendable {
    /// What is done.
    package enum Mode: String, CaseIterable, Sendable {
        case reboot, poweroff, halt
    }

    /// What is done.
    package var mode = Mode.poweroff
    /// When: minutes from now.
    package var delayMinutes = 0
    /// What those who are logged in are told.
    package var message = ""
    /// A shell's condition; nil for always.
    package var condition: String?
    /// Where it stands.
    package var mark = DocumentMark(line: 1, column: 1)
}
