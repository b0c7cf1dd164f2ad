import DiskContract
import Faults
import InstalledSystem
import LinuxSystem
import NetworkInterfaces
import NetworkModel
package import Plans
import SystemPackage
package import TransactionPlanning

/// Sets an interface for this boot: gathers facts, and carries out a plan.
package struct NetworkEffects: TransactionEffects {
    private static let limit = 1 << 16

    /// Starts.
    package init() {}

    /// Plans what is asked for by what is there now.
    ///
    /// - Throws: `Refusal`; as `NetworkFacts.init(gathering:)`.
    package func plan(_ request: NetworkRequest) throws -> Plan<NetworkAction> {
        try NetworkPlan.plan(request, NetworkFacts(gathering: ()))
    }

    /// Carries out one action.
    package mutating func perform(_ action: NetworkAction, progress: StepProgress) throws -> [String] {
        switch action {
        case .writeSettings(let path, let text): try write(Array(text.utf8), to: path)
        case .run(let words, let seconds, _): try run(words, seconds)
        case .endClient(let file): try Self.endClient(file)
        case .switchOn(let name): try NetworkInterfaces.switchOn(name)
        case .awaitCarrier(let name, let seconds): try awaitCarrier(name, seconds, progress)
        case .replaceAddress(let name, let network): try NetworkInterfaces.replaceAddress(name, with: network)
        case .replaceGateway(let name, let gateway): try NetworkInterfaces.replaceGateway(name, with: gateway)
        case .awaitAddress(let name, let known, let seconds): return [try awaitAddress(name, known, seconds, progress)]
        case .writeNameServers(let path, let servers): try write(NameServerFile(servers).bytes, to: path)
        case .coverNameServers(let servers): try cover(NameServerFile(servers))
        case .takeNameServers(let name, let place): return try take(name, place)
        }
        return []
    }

    /// Holds nothing.
    package mutating func release() -> [String] { [] }

    private func write(_ bytes: [UInt8], to path: FilePath) throws(SystemError) {
        try Folders.make(path.removingLastComponent())
        try AtomicFile.write(bytes, to: path, isDurable: false)
    }

    /// A program that stays in the background when it got an address keeps no pipe of ours.
    private func run(_ words: [String], _ seconds: Int) throws(ProcessError) {
        guard let program = words.first else { return }
        let stays = NetworkFacts.Client(rawValue: program) != nil
        try ChildProcess.run(
            program, Array(words.dropFirst()), output: .discard, errors: stays ? .discard : .tail(atMost: 4096),
            timeout: .seconds(seconds)
        ).requireSuccess()
    }

    private func awaitCarrier(_ name: String, _ seconds: Int, _ progress: StepProgress) throws {
        let deadline = Deadline.after(.seconds(seconds))
        guard try NetworkInterfaces.wait(for: name, until: deadline, \.hasCarrier) else {
            throw NetworkError.noCarrier(name, seconds: seconds)
        }
        try progress.check()
    }

    /// Waits for an address that is lent, or that was not there before, and names it.
    ///
    /// A router's address of IPv6 is there at once where there are both kinds, and says nothing of DHCP: for half of the time
    /// only one of IPv4 counts.
    private func awaitAddress(
        _ name: String, _ known: [IPNetwork], _ seconds: Int, _ progress: StepProgress
    ) throws -> String {
        var found: AssignedAddress?
        let start = MonotonicClock.now()
        for (share, isSix) in [(1, false), (2, nil)] as [(Int, Bool?)] where found == nil {
            let deadline = Deadline(at: start + .seconds(seconds) * share / 2)
            _ = try NetworkInterfaces.wait(for: name, until: deadline) { interface in
                found = interface.given(beside: known, isSix: isSix)
                return found != nil
            }
            try progress.check()
        }
        guard let found else { throw NetworkError.noAddress(name, seconds: seconds) }
        return "\(name) has the address \(found.network.text)"
    }

    /// Ends a program that asks for addresses, when it is one: numbers are given again.
    private static func endClient(_ file: FilePath) throws {
        guard let bytes = try FileBytes.readIfPresent(file, limit: 64),
            let process = Int32(String(decoding: bytes.prefix { (0x30...0x39).contains($0) }, as: UTF8.self)),
            let name = try FileBytes.readIfPresent(FilePath("/proc/\(process)/comm"), limit: 64)
        else { return }
        let known = NetworkFacts.Client.allCases.map(\.rawValue) + ["busybox"]
        guard known.contains(String(decoding: name.prefix { $0 != 0x0A }, as: UTF8.self)) else { return }
        try ProcessEnd.demand(of: process)
        _ = try ProcessEnd.wait(for: process, until: .after(.seconds(5)))
    }
}

// MARK: Name servers

extension NetworkEffects {
    /// Lays a file over the one that is there: that may lie where nothing can be written, or where it would stay.
    private func cover(_ servers: NameServerFile) throws {
        let place = NetworkAction.resolver
        if try Procfs.mounts().contains(where: { $0.target == place }) { try Mount.unmount(place) }
        try write(servers.bytes, to: NetworkPlaces.nameServers)
        try Mount.bind(NetworkPlaces.nameServers, on: place)
    }

    /// Without systemd-resolved nobody writes down the servers that systemd-networkd was given.
    private func take(_ name: String, _ place: NetworkFacts.Resolver) throws -> [String] {
        guard let interface = try NetworkInterfaces.all().first(where: { $0.name == name }),
            let bytes = try FileBytes.readIfPresent(NetworkPlaces.link(interface.index), limit: Self.limit)
        else { return [] }
        let servers = NameServerFile(ofLink: bytes)
        guard !servers.servers.isEmpty else { return ["The network gave no name server."] }
        switch place {
        case .file: try cover(servers)
        case .link(let target): try write(servers.bytes, to: target)
        case .missing: try write(servers.bytes, to: NetworkAction.resolver)
        }
        return []
    }
}

extension NetworkInterface {
    /// An address that somebody has given for a time, or that is none of those that were there before.
    func given(beside known: [IPNetwork], isSix: Bool?) -> AssignedAddress? {
        global(isSix: isSix).first { $0.isLent || !known.contains($0.network) }
    }
}
