package import JSONText
package import NetworkModel
import Plans
package import SystemPackage

/// What one step of setting an interface does; nothing of it outlives this boot.
package enum NetworkAction: PlannedAction {
    /// Writes a file below `/run`.
    case writeSettings(FilePath, String)
    /// Runs a program with so many seconds of time, for a reason.
    case run([String], seconds: Int, String)
    /// Ends the program whose number a file has, when it is one that asks for addresses.
    case endClient(FilePath)
    /// Switches an interface on.
    case switchOn(String)
    /// Waits so many seconds for somebody at the other end of the cable.
    case awaitCarrier(String, seconds: Int)
    /// Gives an interface an address in place of those of the same kind.
    case replaceAddress(String, IPNetwork)
    /// Makes a router the way to all other networks.
    case replaceGateway(String, IPAddress)
    /// Waits so many seconds for an address that the interface does not have yet, or that is lent.
    case awaitAddress(String, known: [IPNetwork], seconds: Int)
    /// Writes name servers to a file.
    case writeNameServers(FilePath, [IPAddress])
    /// Lays a file with name servers over `/etc/resolv.conf`, which stays as it is below.
    case coverNameServers([IPAddress])
    /// Takes the name servers that systemd-networkd was given for an interface.
    case takeNameServers(String, NetworkFacts.Resolver)

    /// The kind of action.
    package var name: String {
        switch self {
        case .writeSettings: "write-settings"
        case .run: "run"
        case .endClient: "end-client"
        case .switchOn: "switch-on"
        case .awaitCarrier: "await-carrier"
        case .replaceAddress: "replace-address"
        case .replaceGateway: "replace-gateway"
        case .awaitAddress: "await-address"
        case .writeNameServers, .coverNameServers: "write-name-servers"
        case .takeNameServers: "take-name-servers"
        }
    }

    /// What it is done to.
    package var subject: String {
        switch self {
        case .writeSettings(let path, _), .endClient(let path): path.string
        case .run(let words, _, _): words.joined(separator: " ")
        case .switchOn(let name), .takeNameServers(let name, _): name
        case .awaitCarrier(let name, let seconds), .awaitAddress(let name, _, let seconds):
            "\(name), at most \(seconds) seconds"
        case .replaceAddress(let name, let network): "\(name) \(network.text)"
        case .replaceGateway(let name, let gateway): "\(name) \(gateway.text)"
        case .writeNameServers(let path, let servers): "\(path): \(servers.map(\.text).joined(separator: ", "))"
        case .coverNameServers(let servers): "\(Self.resolver): \(servers.map(\.text).joined(separator: ", "))"
        }
    }

    /// The file that programs read.
    package static let resolver: FilePath = "/etc/resolv.conf"

    /// One sentence on what is done and why.
    package var explanation: String {
        switch self {
        case .writeSettings: "Write the same for the service that manages interfaces, so that it does not undo it."
        case .run(_, _, let reason): reason
        case .endClient: "End the program that asks for addresses here, so that it does not undo it."
        case .switchOn: "Switch the interface on."
        case .awaitCarrier: "Wait until there is a carrier, which a cable or a switch may take seconds for."
        case .replaceAddress: "Give it the address; others of the same kind (IPv4, IPv6) are taken away."
        case .replaceGateway: "Make this router the way to all other networks."
        case .awaitAddress: "Wait until the network has given an address."
        case .writeNameServers: "Write the name servers where programs read them."
        case .coverNameServers: "Lay a file with the name servers over the one that is there, until the next boot."
        case .takeNameServers: "Write the name servers that the network gave to where programs read them."
        }
    }

    /// `subject`; of a file its `text`, too.
    package var json: JSONValue {
        if case .writeSettings(_, let text) = self { return ["subject": .string(subject), "text": .string(text)] }
        return ["subject": .string(subject)]
    }
}
