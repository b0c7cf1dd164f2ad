import Accounts
import Cryptography
import LinuxSystem
import OEMModel
import OEMPlanning
import Plans
import SystemPackage

// Users and groups. Decided by Accounts; here files are read, written in its order, and folders made.
extension LiveStageEffects {
    mutating func performAccounts(_ work: StageWork) throws -> StepResult<Never> {
        let lock = root.isRunning ? try AccountLock() : nil
        defer { withExtendedLifetime(lock) {} }
        switch work {
        case .changeEntity(let entity, let isDeleted): return try changeEntity(entity, isDeleted)
        case .ensureGroups(let groups):
            let wanted = groups.map { group in
                var wanted = WantedGroup(name: group.name)
                wanted.members = group.members
                return wanted
            }
            return try settle(try accounts().ensuring(groups: wanted, facts: accountFacts([])))
        case .ensureUsers(let users): return try ensureUsers(users)
        case .setPasswords(let passwords): return try setPasswords(passwords)
        default: return StepResult()
        }
    }

    private mutating func ensureUsers(_ users: [UserDirective]) throws -> StepResult<Never> {
        let wanted = users.map(WantedUser.init)
        let state = try accounts()
        let groups: MissingGroups = users.contains(where: \.makesGroups) ? .created : .refused
        let facts = accountFacts(wanted)
        let outcome = state.ensuring(users: wanted, missingGroups: groups, facts: facts, passwords: Self.passwords)
        var isChanged = try makeHomes(outcome.accounts)
        for user in users {
            guard let rules = user.sudo else { continue }
            let path = FilePath("/etc/sudoers.d/90-lifeboot-users")
            let old = try root.read(path) ?? []
            let new = try SudoRules.text(rules, of: user.name, in: old)
            if new != old, try root.write(new, to: path, mode: 0o440, owner: .root) { isChanged = true }
        }
        return try settle(outcome, besides: isChanged)
    }

    private mutating func setPasswords(_ passwords: [PasswordDirective]) throws -> StepResult<Never> {
        var shown: [String] = []
        let wanted = passwords.map { entry in
            var user = WantedUser(name: entry.user)
            user.mustExist = true
            user.mustChangePassword = entry.expires
            let drawn = entry.password == nil ? Sha512Crypt.salt(of: SecureRandom.bytes(16)) : nil
            if let drawn { shown.append("the password of \(entry.user) is \(drawn)") }
            user.password = entry.password.flatMap(WantedPassword.init) ?? drawn.map { .plain($0) }
            return user
        }
        let outcome = try accounts().ensuring(
            users: wanted, missingGroups: .refused, facts: accountFacts(wanted), passwords: Self.passwords)
        for line in shown { KernelLog(name: "lifeboot").write(line) }
        return try settle(outcome)
    }

    private mutating func changeEntity(_ entity: EntityDirective, _ isDeleted: Bool) throws -> StepResult<Never> {
        let wanted = try EntityDocument.read(entity.entity)
        if let path = entity.path, path != wanted.file.path {
            throw StageError.account(
                wanted.name, "a file other than \(wanted.file.path) is not changed", "Leave 'path' out.")
        }
        let state = try accounts()
        let outcome =
            isDeleted
            ? try state.deleting(wanted.name, from: wanted.file)
            : try state.ensuring(wanted, facts: accountFacts([]), passwords: Self.passwords)
        return try settle(outcome)
    }

    /// Writes what changed; a failure of one account is said when the others are written.
    private mutating func settle(_ outcome: AccountOutcome, besides: Bool = false) throws -> StepResult<Never> {
        let writes = outcome.state.writes(since: try accounts())
        for write in writes {
            _ = try root.rewrite(write.bytes, to: FilePath(write.file.path), newMode: write.file.newMode)
        }
        if let failure = outcome.failures.first { throw failure.error }
        return changed(
            besides || !writes.isEmpty, note: outcome.notes.isEmpty ? nil : outcome.notes.joined(separator: " "))
    }

    func accounts() throws -> AccountState {
        AccountState(
            passwd: try root.read("/etc/passwd") ?? [], group: try root.read("/etc/group") ?? [],
            shadow: try root.read("/etc/shadow"), gshadow: try root.read("/etc/gshadow"))
    }

    private func accountFacts(_ users: [WantedUser]) -> AccountFacts {
        let defaults = NewUserDefaults(parsing: (try? root.read("/etc/default/useradd")).flatMap(\.self) ?? [])
        let base = FilePath(defaults.homeBase)
        let paths = root.names(in: base).map { base.appending($0) } + users.map { FilePath($0.newHome(defaults)) }
        var homes: [String: AccountFacts.Owner] = [:]
        for path in paths {
            if let owner = root.owner(of: path) { homes[path.string] = .init(uid: owner.user, gid: owner.group) }
        }
        let ranges = IdRanges(parsing: (try? root.read("/etc/login.defs")).flatMap(\.self) ?? [])
        return AccountFacts(
            homes: homes, today: Int(WallClock.secondsSince1970 / 86_400), defaults: defaults, ranges: ranges)
    }

    /// Makes the homes that are missing; an existing one keeps mode and owner.
    private mutating func makeHomes(_ accounts: [ResolvedAccount]) throws -> Bool {
        var isChanged = false
        for account in accounts where account.wantsHome && !root.has(FilePath(account.home)) {
            let owner = Ownership(user: account.uid, group: account.gid)
            if try root.makeDirectory(FilePath(account.home), mode: 0o755, newMode: 0o755, owner: owner) {
                isChanged = true
            }
        }
        return isChanged
    }

    private static var passwords: PasswordScheme {
        .sha512Crypt(
            randomBytes: { () throws(AccountError) in SecureRandom.bytes(16) },
            sha512: { (bytes) throws(AccountError) in SHA512.digest(of: bytes) })
    }
}

/// Bytes that nobody can foretell.
enum SecureRandom {
    static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255) } }
}

extension WantedUser {
    /// What a directive says.
    init(_ directive: UserDirective) {
        self.init(name: directive.name)
        uid = directive.uid
        password = directive.password.flatMap(WantedPassword.init)
        isLocked = directive.isLocked
        primaryGroup = directive.primaryGroup
        hasOwnGroup = !directive.hasNoOwnGroup
        groups = directive.groups
        shell = directive.shell
        home = directive.home
        gecos = directive.fullName
        isSystem = directive.isSystem
        createsHome = !directive.hasNoHome
    }
}

extension WantedPassword {
    /// What a directive says; nil for an empty text, so that nobody gets an empty password.
    init?(_ password: UserDirective.Password) {
        switch password {
        case .either(let text): self.init(asWritten: text)
        case .plain(let text): if text.isEmpty { return nil } else { self = .plain(text) }
        case .hashed(let text): if text.isEmpty { return nil } else { self = .hashed(text) }
        }
    }
}

extension AccountEntity {
    /// The name of its line.
    var name: String {
        switch self {
        case .user(let user): user.name
        case .group(let group): group.name
        case .shadow(let shadow): shadow.name
        case .gshadow(let gshadow): gshadow.name
        }
    }

    /// The file that it belongs into.
    var file: AccountFileKind {
        switch self {
        case .user: .passwd
        case .group: .group
        case .shadow: .shadow
        case .gshadow: .gshadow
        }
    }
}
