package import LinuxSystem
package import NetworkModel
import SystemPackage

/// Lists and sets the network interfaces of this machine, without a program of the system's.
package enum NetworkInterfaces {
    /// All interfaces, in the kernel's order.
    ///
    /// - Throws: `NetworkError` when the kernel cannot be asked.
    package static func all() throws(NetworkError) -> [NetworkInterface] {
        do throws(Errno) {
            var socket = try RouteSocket()
            let links = try socket.list(RouteMessage.Kind.getLink, RouteParts.link(index: 0))
            let addresses = try socket.list(RouteMessage.Kind.getAddress, RouteParts.address(family: .any))
            var routes: [RouteMessage] = []
            for family in RouteParts.Family.both {
                routes += try socket.list(RouteMessage.Kind.getRoute, RouteParts.route(family: family, kind: 0))
            }
            return InterfaceAnswers(links: links, addresses: addresses, routes: routes).interfaces
        } catch { throw .reading(error) }
    }

    private static func interface(_ name: String) throws(NetworkError) -> NetworkInterface {
        guard let interface = try all().first(where: { $0.name == name }) else { throw .gone(name) }
        return interface
    }

    /// Switches an interface on.
    ///
    /// - Throws: `NetworkError`.
    package static func switchOn(_ name: String) throws(NetworkError) {
        let interface = try interface(name)
        do throws(Errno) {
            var socket = try RouteSocket()
            try socket.change(
                RouteMessage(
                    RouteMessage.Kind.newLink, [.request, .acknowledge],
                    RouteParts.link(index: interface.index, isUp: true)))
        } catch { throw .setting("the state", name, error) }
    }

    /// Gives an interface an address, and takes away others of the same family that reach farther than the link.
    ///
    /// Those go first: the kernel hangs a second address of a network on the first one, and takes it away with that.
    ///
    /// - Throws: `NetworkError`.
    package static func replaceAddress(_ name: String, with network: IPNetwork) throws(NetworkError) {
        let interface = try interface(name)
        do throws(Errno) {
            var socket = try RouteSocket()
            for old in interface.global(isSix: network.address.isSix) where old.network != network {
                try remove(old.network, interface.index, &socket)
            }
            try socket.change(
                RouteParts.message(
                    RouteMessage.Kind.newAddress, [.request, .acknowledge, .create, .replace], network, interface.index)
            )
        } catch { throw .setting("the address \(network.text)", name, error) }
    }

    private static func remove(
        _ network: IPNetwork, _ index: UInt32, _ socket: inout RouteSocket
    ) throws(Errno) {
        do throws(Errno) {
            try socket.change(
                RouteParts.message(RouteMessage.Kind.deleteAddress, [.request, .acknowledge], network, index))
        } catch {
            // It went by itself meanwhile.
            if error != .addressNotAvailable { throw error }
        }
    }

    /// Removes a default route, whoever has made it: DHCP, a router's announcement, or somebody by hand.
    private static func remove(
        _ gateway: IPAddress, _ index: UInt32, _ socket: inout RouteSocket
    ) throws(Errno) {
        do throws(Errno) {
            try socket.change(
                RouteParts.message(RouteMessage.Kind.deleteRoute, [.request, .acknowledge], gateway, index))
        } catch {
            // It went by itself meanwhile.
            if error != .noSuchProcess { throw error }
        }
    }

    /// Makes a router the way to all other networks, in place of others that this interface leads to.
    ///
    /// - Throws: `NetworkError`.
    package static func replaceGateway(_ name: String, with gateway: IPAddress) throws(NetworkError) {
        let interface = try interface(name)
        do throws(Errno) {
            var socket = try RouteSocket()
            for old in interface.gateways where old.isSix == gateway.isSix && old != gateway {
                try remove(old, interface.index, &socket)
            }
            try socket.change(
                RouteParts.message(
                    RouteMessage.Kind.newRoute, [.request, .acknowledge, .create, .replace], gateway, interface.index))
        } catch { throw .setting("the gateway \(gateway.text)", name, error) }
    }

    /// Waits until an interface is as it should be; false when the deadline passed first.
    ///
    /// - Throws: `NetworkError` when the kernel cannot be asked, or the interface goes.
    package static func wait(
        for name: String, until deadline: Deadline, _ isFine: (NetworkInterface) -> Bool
    ) throws(NetworkError) -> Bool {
        do throws(Errno) {
            // It listens before it looks, so that nothing is missed in between.
            let socket = try RouteSocket(hearing: [.links, .addresses])
            repeat {
                if isFine(try known(name)) { return true }
            } while try socket.waitForChange(until: deadline)
            return isFine(try known(name))
        } catch { throw .reading(error) }
    }

    private static func known(_ name: String) throws(Errno) -> NetworkInterface {
        do throws(NetworkError) { return try interface(name) } catch { throw .noSuchAddressOrDevice }
    }
}
