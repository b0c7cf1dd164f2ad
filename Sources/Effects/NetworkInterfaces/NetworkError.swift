package import Faults
import SystemPackage

/// Says what of the network could not be read or set, why, and what to do.
package typealias NetworkError = Fault<NetworkFault>

/// Names what fails with interfaces.
package enum NetworkFault: FaultKind {
    /// The kernel could not be asked.
    case reading
    /// The kernel refuses a change.
    case setting
    /// Nothing came in time.
    case silent
}

extension NetworkError {
    static func reading(_ errno: Errno) -> NetworkError {
        NetworkError(
            .reading, "listing", "the network interfaces", cause: "\(errno)",
            remedy: "The kernel must have CONFIG_NET and netlink; see its log.")
    }

    static func setting(_ what: String, _ interface: String, _ errno: Errno) -> NetworkError {
        NetworkError(.setting, "setting", "\(what) of \(interface)", cause: "\(errno)", remedy: remedy(errno))
    }

    /// The interface went while it was being set.
    static func gone(_ interface: String) -> NetworkError {
        NetworkError(
            .setting, "setting", "the interface \(interface)", cause: "it is not there any more",
            remedy: "`lifeboot network` lists those that there are.")
    }

    /// Nobody at the other end of the cable.
    package static func noCarrier(_ interface: String, seconds: Int) -> NetworkError {
        NetworkError(
            .silent, "waiting for", "a carrier on \(interface)", cause: "there was none for \(seconds) seconds",
            remedy: "Check the cable and the switch, or take another interface: `lifeboot network` lists them.")
    }

    /// No server of the network answered.
    package static func noAddress(_ interface: String, seconds: Int) -> NetworkError {
        NetworkError(
            .silent, "waiting for", "an address on \(interface)", cause: "the network gave none for \(seconds) seconds",
            remedy: "Check that it has a DHCP server, or set an address by hand with `lifeboot network set`.")
    }

    private static func remedy(_ errno: Errno) -> String {
        switch errno {
        case .notPermitted: "Run this as root."
        case .permissionDenied, .addressNotAvailable, .notSupported:
            "The interface does not take such an address; IPv6 may be switched off (net.ipv6.conf.*.disable_ipv6)."
        case .networkUnreachable, .noRouteToHost, .invalidArgument:
            "Name a gateway in the network of the address; `lifeboot network` shows what is set."
        default: "See the kernel log for details."
        }
    }
}
