import DocumentTree

/// Where to look for the data of an instance, and in which order of weight.
package struct DataSourceChoice: Sendable {
    /// Providers, those whose answers count before others' first; never by chance.
    package private(set) var providers: [Provider] = []
    /// Files that were named as `file=PATH` or `file://PATH`, in order.
    package private(set) var files: [String] = []
    /// Addresses that were named, in order.
    package private(set) var addresses: [String] = []
    /// Names that say nothing, and names that are only accepted.
    package private(set) var warnings: [String] = []

    /// Chooses among what a file asks for; nothing asked means all.
    ///
    /// Of the providers on the network only those are taken that the machine is seen to belong to. When it is seen to
    /// belong to none of those that were named, all named ones are taken: the machine may not say whose it is.
    package init(_ machine: MachineIdentity, asked: [String]) {
        let names = asked.filter { !takeElsewhere($0) }
        var named: [Provider] = []
        for name in names {
            if let provider = Provider.named(name) {
                named.append(provider)
            } else {
                warnings.append(Self.unknown(name))
            }
        }
        let pool = asked.isEmpty ? Provider.all : Provider.all.filter { one in named.contains { $0.name == one.name } }
        let seen = pool.filter { $0.isSeen(on: machine) }
        let sure = seen.contains { $0.needsNetwork }
        for provider in pool {
            if case .none(let reason) = provider.transport {
                if !asked.isEmpty { warnings.append("'\(provider.name)': \(reason)") }
            } else if !provider.needsNetwork || seen.contains(where: { $0.name == provider.name }) {
                providers.append(provider)
            } else if !asked.isEmpty, !sure {
                providers.append(provider)
            }
        }
    }

    private mutating func takeElsewhere(_ name: String) -> Bool {
        let small = name.asciiLowercased
        for head in ["file=", "file://"] where small.hasPrefix(head) {
            files.append(String(name.dropFirst(head.count)))
            return true
        }
        guard small.hasPrefix("http://") || small.hasPrefix("https://") else { return false }
        addresses.append(name)
        return true
    }

    private static func unknown(_ name: String) -> String {
        if name.asciiLowercased == "maas" {
            return "'maas' is not supported, and was never asked by others of the family"
        }
        let known = Provider.all.flatMap { [$0.name] + $0.aliases }
        let nearest = known.nearest(to: name).map { " (did you mean '\($0)'?)" } ?? ""
        return "'\(name)' is no known provider\(nearest)"
    }
}

extension Provider {
    func isSeen(on machine: MachineIdentity) -> Bool { marks.contains { $0.fits(machine) } }
}
