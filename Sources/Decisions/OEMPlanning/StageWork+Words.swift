import DocumentTree
import Faults
import JSONText
import OEMModel

extension StageWork {
    /// Stable words for programs.
    var name: String {
        switch self {
        case .writeFile: "write-file"
        case .makeDirectory: "make-directory"
        case .fetchFile: "fetch-file"
        case .cloneRepository: "clone-repository"
        case .setResolver: "set-resolver"
        case .changeEntity(_, let isDeleted): isDeleted ? "delete-entity" : "ensure-entity"
        case .ensureGroups: "ensure-groups"
        case .ensureUsers: "ensure-users"
        case .setPasswords: "set-passwords"
        case .authorizeKeys: "authorize-keys"
        case .runScript: "run-script"
        case .setHostname: "set-hostname"
        case .setHosts: "set-hosts"
        case .setKernelSetting: "set-kernel-setting"
        case .loadModule: "load-module"
        case .setTimeServers: "set-time-servers"
        case .overrideUnit: "override-unit"
        case .reloadManager: "reload-manager"
        case .manageUnits(let verb, _): "\(verb.rawValue)-units"
        case .setEnvironment: "set-environment"
        case .firstBoot: "first-boot"
        case .setTimeZone: "set-time-zone"
        case .lookForData: "look-for-data"
        case .changePartitions: "change-partitions"
        case .pinPackages: "pin-packages"
        case .changePackages: "change-packages"
        case .unpackImage: "unpack-image"
        case .addMounts: "add-mounts"
        case .addSwap: "add-swap"
        case .changePower: "change-power"
        case .printMessage: "print-message"
        case .refused: "refuse"
        }
    }

    /// What it is done to; never a secret.
    var subject: String {
        switch self {
        case .writeFile(let file): file.path
        case .makeDirectory(let directory): directory.path
        case .fetchFile(let download): "\(AddressText.withoutSecrets(download.url)) to \(download.path)"
        case .cloneRepository(let git): "\(AddressText.withoutSecrets(git.url)) to \(git.path)"
        case .setResolver(let dns): dns.path
        case .changeEntity(let entity, _): entity.path ?? "the accounts"
        case .ensureGroups(let groups): groups.map(\.name).joined(separator: " ")
        case .ensureUsers(let users): users.map(\.name).joined(separator: " ")
        case .setPasswords(let passwords): passwords.map(\.user).joined(separator: " ")
        case .authorizeKeys(let keys): "\(keys.user), \(keys.keys.count) keys"
        case .runScript(let name, let text): name == "commands" ? Self.firstLine(text) : name
        case .setHostname(let name): name
        case .setHosts(let fullName): fullName ?? "/etc/hosts"
        case .setKernelSetting(let name, let value): "\(name) = \(value)"
        case .loadModule(let module): module
        case .overrideUnit(let override): override.unit
        case .manageUnits(_, let units): units.joined(separator: " ")
        case .setEnvironment(let file, let variables): "\(file): \(variables.map(\.name).joined(separator: " "))"
        case .firstBoot(let options), .setTimeServers(let options): options.map(\.name).joined(separator: " ")
        case .setTimeZone(let zone): zone
        case .lookForData(let source): source.providers.joined(separator: " ")
        case .changePartitions(let layout): layout.path ?? layout.label ?? "no disk"
        case .pinPackages(let pins): pins.map(\.name).joined(separator: " ")
        case .changePackages(let packages): (packages.install + packages.remove.map { "-\($0)" }).joined(separator: " ")
        case .unpackImage(let image): "\(image.source) to \(image.target)"
        case .addMounts(let lines): lines.map { $0.target ?? $0.device }.joined(separator: " ")
        case .addSwap(let path, _, _): path
        case .changePower(let power): power.mode.rawValue
        case .reloadManager, .printMessage: ""
        case .refused(let what, _): what
        }
    }

    /// The first line, short enough for a table.
    private static func firstLine(_ text: String) -> String {
        let line = text.split(separator: "\n").first.map(String.init) ?? ""
        return line.count > 60 ? line.prefix(59) + "…" : line
    }

    /// What a program learns of it: the subject, and of contents and passwords only that they are there.
    var json: JSONValue {
        var object: JSONObject = ["subject": .string(subject)]
        switch self {
        case .writeFile(let file):
            object["mode"] = .string((file.mode ?? FileDirective.standardMode).description)
            object["owner"] = .string(file.owner?.words ?? "0:0")
            object["bytes"] = .integer(Int64(file.content.bytes.count))
            object["content"] = file.isSecret ? .string("<hidden>") : .string(file.shownContent)
        case .makeDirectory(let directory):
            object["mode"] = directory.mode.map { .string($0.description) } ?? .null
            object["owner"] = directory.owner.map { .string($0.words) } ?? .null
        case .runScript(_, let text): object["script"] = .string(text)
        case .setEnvironment(_, let variables):
            object["variables"] = .object(JSONObject(variables.map { .init($0.name, .string($0.value)) }))
        case .refused(_, let reason): object["reason"] = .string(reason)
        default: break
        }
        return .object(object)
    }
}

extension FileOwner {
    /// `0:0`, or the names.
    package var words: String {
        switch self {
        case .ids(let user, let group): "\(user):\(group)"
        case .names(let names): names
        }
    }
}

extension FileDirective {
    /// Whether nobody but the owner is to read it.
    package var isSecret: Bool { (mode ?? Self.standardMode).isPrivate }

    /// The content for people; of what is no text only the length.
    var shownContent: String {
        guard content.encoding != .gzip, let text = String(validating: content.bytes, as: UTF8.self) else {
            return "<\(content.bytes.count) bytes>"
        }
        return text
    }
}
