import Accounts
import Archives
import DocumentTree
import Faults
import HTTPTransfer
import LinuxSystem
import OEMModel
import OEMPlanning
import Plans
import SystemPackage

// Files and folders.
extension LiveStageEffects {
    mutating func writeFile(_ file: FileDirective) throws -> StepResult<Never> {
        let path = FilePath(file.path)
        let mode = (file.mode ?? FileDirective.standardMode).bits
        var (bytes, note) = try content(of: file)
        if file.isAppended, let old = try root.read(path) { bytes = Self.appended(bytes, to: old) }
        let owner = try ownership(file.owner, of: file.path) ?? .root
        return changed(try root.write(bytes, to: path, mode: mode, owner: owner), note: note)
    }

    /// What is at the end already is not added again, so that a second run changes nothing.
    private static func appended(_ bytes: [UInt8], to old: [UInt8]) -> [UInt8] {
        old.suffix(bytes.count).elementsEqual(bytes) ? old : old + bytes
    }

    /// What comes from an address counts as it is; what is written in the file is the second choice.
    private func content(of file: FileDirective) throws -> (bytes: [UInt8], note: String?) {
        guard let source = file.source else { return (try decompressed(file), nil) }
        do {
            return (
                try fetchText(source, headers: file.sourceHeaders.map { ($0.name, $0.value) }),
                (try? HTTPAddress(source))?.plainNote
            )
        } catch {
            if file.content.bytes.isEmpty { throw error }
            return (try decompressed(file), "the 'content' of the file counts: \(error)")
        }
    }

    private func decompressed(_ file: FileDirective) throws -> [UInt8] {
        guard file.content.encoding == .gzip else { return file.content.bytes }
        do { return try Decompression.bytes(of: file.content.bytes, limit: StageRoot.limit) } catch {
            throw StageError(
                .impossible, "decompressing the content of", file.path, because: error,
                remedy: "Compress it with gzip, and write it in base64.")
        }
    }

    mutating func makeDirectory(_ directory: DirectoryDirective) throws -> StepResult<Never> {
        let owner = try ownership(directory.owner, of: directory.path)
        return changed(
            try root.makeDirectory(
                FilePath(directory.path), mode: directory.mode?.bits, newMode: DirectoryDirective.standardMode.bits,
                owner: owner))
    }

    /// Resolves names by the accounts of the root that is changed; nil when no owner is named.
    func ownership(_ owner: FileOwner?, of path: String) throws -> Ownership? {
        switch owner {
        case nil: return nil
        case .ids(let user, let group): return Ownership(user: user, group: group)
        case .names(let text):
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let accounts = try accounts()
            guard let user = accounts.owner(parts[0].isEmpty ? "root" : parts[0]) else {
                throw StageError.unknownOwner(path, text, "user")
            }
            guard parts.count > 1, !parts[1].isEmpty else { return user }
            guard let group = accounts.group[parts[1]]?.gid ?? UInt32(parts[1]) else {
                throw StageError.unknownOwner(path, text, "group")
            }
            return Ownership(user: user.user, group: group)
        }
    }

    mutating func setEnvironment(
        _ file: String, _ variables: [DocumentMember<String>]
    ) throws -> StepResult<Never> {
        let old = try root.read(FilePath(file)) ?? []
        let new = EnvironmentLines.merged(old, variables.map { ($0.name, $0.value) })
        return changed(try root.rewrite(new, to: FilePath(file)))
    }

    mutating func setResolver(_ dns: DNSDirective) throws -> StepResult<Never> {
        var text = ""
        let search = dns.search.filter { $0 != "." }
        if !search.isEmpty { text += "search \(search.joined(separator: " "))\n" }
        for server in dns.nameservers { text += "nameserver \(server)\n" }
        if !dns.options.isEmpty { text += "options \(dns.options.joined(separator: " "))\n" }
        return changed(try root.rewrite(Array(text.utf8), to: FilePath(dns.path), followingLink: true))
    }
}

extension AccountState {
    /// A user by name, with the primary group; by number, with the group of that number.
    fileprivate func owner(_ name: String) -> Ownership? {
        if let user = passwd[name] { return Ownership(user: user.uid, group: user.gid) }
        return UInt32(name).map { Ownership(user: $0, group: $0) }
    }
}
