import Accounts
import Cryptography
import DiskContract
import Faults
import HTTPTransfer
import ImageModel
import LinuxSystem
import OEMModel
import Plans
import SystemPackage

// Keys that may log in: those of the file, and those that others give.
extension LiveStageEffects {
    mutating func authorizeKeys(_ directive: AuthorizedKeysDirective) throws -> StepResult<Never> {
        let user = directive.user
        guard let account = try accounts().passwd[user] else {
            throw StageError.account(user, "there is no such user", "Make it in an earlier step.")
        }
        let home = FilePath(account.home)
        guard root.has(home) else {
            throw StageError.account(user, "the home folder \(home) is not there", "Make it in an earlier step.")
        }
        let written = try directive.keys.filter { !$0.isKeyToFetch }.map { try AuthorizedKey($0) }
        // Before the lock, for which others wait.
        let fetched = fetchedKeys(directive.keys)
        let lock = root.isRunning ? try AccountLock() : nil
        defer { withExtendedLifetime(lock) {} }
        let owner = Ownership(user: account.uid, group: account.gid)
        var isChanged = try root.makeDirectory(home.appending(".ssh"), mode: 0o700, newMode: 0o700, owner: owner)
        let path = home.appending(".ssh/authorized_keys")
        var file = AuthorizedKeysFile(try root.read(path) ?? [])
        file.add(written)
        let failures = fetched.failures + Self.put(fetched.lists, into: &file)
        if try root.write(file.bytes, to: path, mode: 0o600, owner: owner) { isChanged = true }
        guard failures.isEmpty else { throw Self.united(failures, user) }
        return changed(isChanged, note: fetched.notes.isEmpty ? nil : fetched.notes.joined(separator: "; "))
    }

    /// Replaces the keys of each source; gives what is wrong in the file.
    private static func put(_ lists: [FetchedKeys.List], into file: inout AuthorizedKeysFile) -> [String] {
        lists.compactMap { list in
            do throws(AccountError) { try file.replace(list.keys, from: list.label) } catch { return "\(error)" }
            return nil
        }
    }

    private static func united(_ failures: [String], _ user: String) -> StageError {
        StageError(
            .impossible, "fetching keys for", user, cause: failures.joined(separator: " "),
            remedy: "The keys that came from there before still count.")
    }

    /// What the sources give; one that fails hides no other, and what it gave last still counts.
    private func fetchedKeys(_ keys: [String]) -> FetchedKeys {
        var fetched = FetchedKeys()
        for text in keys {
            guard let source = KeySource(text) else { continue }
            do {
                guard let name = source.address else {
                    throw StageError.refused(
                        text, "there can be no account of this name", "Correct the name behind the colon.")
                }
                let address = try HTTPAddress(name)
                do { fetched.lists.append(try fetchedKeys(of: address)) } catch {
                    fetched.failures.append("\(error)")
                    if let kept = keptKeys(of: address) { fetched.lists.append(kept) }
                }
                if let note = address.plainNote { fetched.notes.append(note) }
            } catch { fetched.failures.append("\(error)") }
        }
        return fetched
    }

    private func fetchedKeys(of address: HTTPAddress) throws -> FetchedKeys.List {
        try requireNetwork("fetching", address.withoutQuery)
        let bytes = try network.text(address.text, limit: network.longestKeys, within: network.keyTime)
        let list = FetchedKeys.List(label: Self.label(of: address), keys: try AuthorizedKeysFile.keys(fetched: bytes))
        if root.has(Self.persistent) {
            _ = try root.write(bytes, to: Self.place(of: address), mode: 0o600, owner: .root)
        }
        return list
    }

    /// What an address gave last, for homes that do not last; nil where nothing is remembered.
    private func keptKeys(of address: HTTPAddress) -> FetchedKeys.List? {
        guard let bytes = (try? root.read(Self.place(of: address))).flatMap(\.self),
            let keys = try? AuthorizedKeysFile.keys(fetched: bytes)
        else { return nil }
        return FetchedKeys.List(label: Self.label(of: address), keys: keys)
    }

    private static let persistent = MachinePaths.persistent

    private static func place(of address: HTTPAddress) -> FilePath {
        persistent.appending("keys").appending(digest(of: address))
    }

    private static func digest(of address: HTTPAddress) -> String {
        Hexadecimal.text(of: SHA512.digest(of: Array(address.text.utf8)).prefix(8))
    }

    /// The name of a source in the user's file; a query, which may be a secret, only by its digest.
    private static func label(of address: HTTPAddress) -> String {
        address.withoutQuery == address.text ? address.text : "\(address.withoutQuery) (\(digest(of: address)))"
    }
}

/// What sources of keys gave.
private struct FetchedKeys {
    /// The keys of one source.
    struct List {
        let label: String
        let keys: [AuthorizedKey]
    }

    var lists: [List] = []
    var failures: [String] = []
    var notes: [String] = []
}
