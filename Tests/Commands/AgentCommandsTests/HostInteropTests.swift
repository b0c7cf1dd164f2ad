import LinuxSystem
import SystemPackage
import Testing

@testable import AgentCommands

/// Machines and containers that tests make.
private enum Namespaces {
    /// Whether this process may make namespaces, and has the programs that do.
    static var arePossible: Bool {
        let tried = try? ChildProcess.run(
            "unshare", ["--mount", "--pid", "--fork", "--mount-proc", "true"], timeout: .seconds(10))
        return ThisProcess.isRoot && tried?.succeeded == true
    }
}

@Suite("A verb in a container, really", .enabled(if: Namespaces.arePossible))
struct HostInteropTests {
    /// A machine by namespaces, and in it a container with mounts of its own and the machine's root at `/mnt/host`.
    ///
    /// Its first process is a shell. Each has a `/run` of its own; only that of the machine has what lifeboot leaves there.
    private static let script = """
        set -e
        mount --make-rprivate /
        mount -t tmpfs machine /run
        mkdir -p /run/lifeboot /run/container
        [ -n "$FOREIGN" ] && rmdir /run/lifeboot
        unshare --mount --propagation private sh -e -c '
        mount --rbind / /run/container
        mount -t tmpfs container /run/container/run
        mount -t tmpfs container-only /run/container/mnt
        mkdir /run/container/mnt/host
        mount --rbind / /run/container/mnt/host
        exec chroot /run/container "$@"
        ' sh "$@"
        """

    private func run(
        _ command: [String], foreign: Bool = false
    ) throws -> (status: ChildProcess.Termination, text: String, errors: String) {
        let agent = try ThisProcess.program.removingLastComponent().appending("lifeboot").string
        let words = ["--mount", "--pid", "--fork", "--mount-proc", "sh", "-c", Self.script, "sh"]
        let outcome = try ChildProcess.run(
            "unshare", words + command.map { $0 == "lifeboot" ? agent : $0 },
            environment: ThisProcess.environment.map { "\($0.key)=\($0.value)" } + (foreign ? ["FOREIGN=1"] : []),
            output: .capture(atMost: 8 << 20), timeout: .seconds(120))
        return (
            outcome.termination, String(decoding: outcome.standardOutput, as: UTF8.self),
            String(decoding: outcome.standardError, as: UTF8.self)
        )
    }

    /// What a report says of the mounts: the only verb that tells them anywhere.
    private static let mounts = "--host /mnt/host report --output - | tar -xzO --wildcards '*/system/mounts.txt'"

    @Test("works with the machine's mounts where it may join them")
    func namespaces() throws {
        let (status, text, errors) = try run(["sh", "-c", "\"$0\" \(Self.mounts)", "lifeboot"])
        #expect(status == .exited(0), "\(errors)")
        #expect(text.contains(" /run rw") && text.contains("tmpfs machine"), "\(text)")
        #expect(!text.contains("container-only"), "it still has the container's mounts")
    }

    @Test("works with the machine's root where it may not")
    func rootAlone() throws {
        let drop = "setpriv --bounding-set -sys_admin -- \"$0\" \(Self.mounts)"
        let (status, text, errors) = try run(["sh", "-c", drop, "lifeboot"])
        #expect(status == .exited(0), "\(errors)")
        #expect(text.contains("tmpfs machine"), "\(text)")
    }

    @Test("writes to the machine and not to the container, and what it starts does not enter again")
    func files() throws {
        let (status, _, errors) = try run([
            "sh", "-c",
            "LIFEBOOT_HOST=/mnt/host \"$0\" report --output /run/lifeboot/r.tar.gz && test -s /mnt/host/run/lifeboot/r.tar.gz && ! test -e /run/lifeboot",
            "lifeboot",
        ])
        #expect(status == .exited(0), "\(errors)")
    }

    @Test("refuses a machine that lifeboot has not started, and a container that counts processes by itself")
    func refused() throws {
        let foreign = try run(["lifeboot", "--host", "/mnt/host", "status"], foreign: true)
        #expect(foreign.status == .exited(AgentExit.role.rawValue), "\(foreign.errors)")
        let own = try run(["unshare", "--pid", "--fork", "lifeboot", "--host", "/mnt/host", "status"])
        #expect(own.status == .exited(AgentExit.undetermined.rawValue))
        #expect(own.errors.contains("hostPID: true"), "\(own.errors)")
    }
}
