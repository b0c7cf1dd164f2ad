import Foundation

/// A cloud for a guest: what its firmware says of itself, and who answers at 169.254.169.254.
struct EmulatedCloud: Sendable {
    /// What the firmware says of the machine, as QEMU's `-smbios` takes it.
    var firmware: String
    /// The port of the host's server of metadata, which the guest finds at http://169.254.169.254.
    var metadataPort: Int
    /// The port of the host that leads to the guest's port 22.
    var loginPort: Int

    /// QEMU's network; the script that passes connections on is put into `directory`.
    func network(in directory: String) throws -> String {
        let relay = "\(directory)/relay"
        try Self.relay.write(toFile: relay, atomically: true, encoding: .utf8)
        return [
            // An address that is to be answered must lie in the network, so that is all addresses; others are as always.
            "user,net=0.0.0.0/0.0.0.0,host=10.0.2.2,dns=10.0.2.3,dhcpstart=10.0.2.15",
            "guestfwd=tcp:169.254.169.254:80-cmd:bash \(relay) \(metadataPort)",
            "hostfwd=tcp:127.0.0.1:\(loginPort)-10.0.2.15:22",
        ].joined(separator: ",")
    }

    /// Passes on what comes on standard input and what the server answers, until one of them ends.
    ///
    /// QEMU starts it for each connection. What runs in the background gets no standard input but by another number.
    private static let relay = """
        exec 3<>"/dev/tcp/127.0.0.1/$1" 4<&0 2>/dev/null
        cat <&4 >&3 &
        cat <&3 &
        wait -n
        kill $(jobs -p)
        """
}
