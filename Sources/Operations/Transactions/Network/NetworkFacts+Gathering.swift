import Faults
import LinuxSystem
import NetworkInterfaces
package import NetworkModel
import SystemPackage
package import TransactionPlanning

extension NetworkFacts {
    private static let (networkd, networkManager, resolved) = ("systemd-networkd", "NetworkManager", "systemd-resolved")
    private static let programs: [FilePath] = [
        "/usr/lib/systemd/systemd-networkd", "/lib/systemd/systemd-networkd",
    ]

    /// Looks at the interfaces, and at who manages them.
    ///
    /// - Throws: `NetworkError`, `SystemError`; `ProcessError` when systemd does not say in time what runs.
    package init(gathering: Void) throws {
        self.init(try NetworkInterfaces.all())
        let running = try Self.services()
        runsNetworkd = running.contains(Self.networkd)
        runsNetworkManager = running.contains(Self.networkManager)
        runsResolved = running.contains(Self.resolved)
        for program in Self.programs where try FileStatus.of(program) != nil { hasNetworkd = true }
        hasBus = try FileStatus.of("/run/dbus/system_bus_socket") != nil
        clients = Client.allCases.filter { (try? Executable.find($0.rawValue)) != nil }
        for interface in interfaces {
            let files = try NetworkPlaces.clientNumbers(interface.name).filter { try FileStatus.of($0) != nil }
            if !files.isEmpty { self.running[interface.name] = files }
        }
        resolver = try Self.resolver()
    }

    /// What runs of those that manage interfaces; nothing where there is no systemd.
    private static func services() throws(ProcessError) -> Set<String> {
        let units = [networkd, networkManager, resolved]
        do throws(ProcessError) {
            let outcome = try ChildProcess.run("systemctl", ["is-active"] + units, timeout: .seconds(10))
            return ServiceStates.running(units, outcome.standardOutput)
        } catch {
            if error.kind == .notFound { return [] }
            throw error
        }
    }

    private static func resolver() throws(SystemError) -> Resolver {
        let path = NetworkAction.resolver
        guard let status = try FileStatus.of(path, followingLinks: false) else { return .missing }
        guard status.kind == .link else { return .file }
        do throws(Errno) {
            let target = try KernelLink.target(path)
            return .link(
                target.isAbsolute ? target : path.removingLastComponent().pushing(target).lexicallyNormalized())
        } catch { throw SystemError.file("reading", path, error) }
    }
}

/// What `lifeboot network` tells.
package struct NetworkState: Equatable, Sendable {
    /// The interfaces.
    package var interfaces: [NetworkInterface]
    /// The name servers that programs ask.
    package var nameServers: [String]

    /// Where systemd-resolved says whom it asks itself; `resolv.conf` names only it.
    private static let asked: FilePath = "/run/systemd/resolve/resolv.conf"
    private static let own = "127.0.0.53"
    private static let limit = 1 << 16

    /// Looks.
    ///
    /// - Throws: `NetworkError`; `SystemError` when the name servers cannot be read.
    package init(gathering: Void) throws {
        interfaces = try NetworkInterfaces.all()
        nameServers = try Self.servers(in: NetworkAction.resolver)
        if nameServers == [Self.own] { nameServers = try Self.servers(in: Self.asked) }
    }

    private static func servers(in path: FilePath) throws(SystemError) -> [String] {
        guard let bytes = try FileBytes.readIfPresent(path, limit: limit) else { return [] }
        return NameServerFile(parsing: bytes).servers
    }
}
