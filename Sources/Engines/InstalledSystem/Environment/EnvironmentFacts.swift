package import Faults
package import GrubEnvironment

/// What can be said about the boot environment of this machine.
package enum EnvironmentFacts: Equatable, Sendable {
    /// It can be used; the problems say what had to be assumed.
    case readable(BootEnvironment, problems: [EnvironmentProblem])
    /// Nothing in it can be used; GRUB takes the roles from the second copy, when there is one.
    case unusable(String, backup: BootEnvironment?)
    /// It could not be read at all, so nothing is known.
    case unreadable(String)

    /// Reads both copies.
    package init(_ machine: borrowing some EnvironmentAccess & ~Copyable) {
        do { self.init(try machine.environmentCopies()) } catch { self = .unreadable("\(error)") }
    }

    /// Judges both copies.
    package init(_ copies: EnvironmentCopies) {
        let backup = copies.backup.flatMap { try? BootEnvironment.read($0).environment }
        guard let primary = copies.primary else {
            let cause = copies.problems.isEmpty ? "there is no such file" : copies.problems.joined(separator: "; ")
            self = .unusable(cause, backup: backup)
            return
        }
        do throws(EnvironmentBlockError) {
            let reading = try BootEnvironment.read(primary, backup: copies.backup)
            self = .readable(reading.environment, problems: reading.problems)
        } catch {
            self = .unusable(error.cause, backup: backup)
        }
    }

    /// The environment that counts: the first copy, else the second as GRUB takes it.
    package var environment: BootEnvironment? {
        switch self {
        case .readable(let environment, _): environment
        case .unusable(_, let backup): backup
        case .unreadable: nil
        }
    }

    /// The first copy, which alone GRUB writes; nil when it cannot be used.
    package var primary: BootEnvironment? {
        if case .readable(let environment, _) = self { environment } else { nil }
    }

    /// What is wrong, one line each.
    package var problems: [String] {
        switch self {
        case .readable(_, let problems): problems.map(\.description)
        case .unusable(let cause, let backup):
            [
                "boot.env cannot be used: \(cause); "
                    + (backup == nil ? "its second copy cannot either" : "the roles are those of its second copy")
            ]
        case .unreadable(let cause): ["boot.env could not be read: \(cause)"]
        }
    }

    /// The environment to change and write.
    ///
    /// The switch over the reasons is kept out of here: with it, Swift 6.3.1 in release mode returns a value that the
    /// caller then finds destroyed (`make test-release` shows it).
    ///
    /// - Throws: `Refusal` when the first copy cannot be used.
    package func writable() throws(Refusal) -> BootEnvironment {
        if let primary { return primary }
        throw unwritable
    }

    /// Why there is nothing to change and write.
    package var unwritable: Refusal {
        switch self {
        case .readable: Self.unusable("it names no image")
        case .unusable(let cause, _): Self.unusable(cause)
        case .unreadable(let cause):
            Refusal(
                .impossible, "reading", "boot.env", cause: cause,
                remedy: "Check the boot partition; see `journalctl -k`.")
        }
    }

    private static func unusable(_ cause: String) -> Refusal {
        Refusal(.impossible, "reading", "boot.env", cause: cause, remedy: "Rebuild it with `lifeboot boot-env repair`.")
    }
}
