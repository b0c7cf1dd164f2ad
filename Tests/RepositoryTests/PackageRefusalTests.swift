import Testing

/// A mount namespace of its own lets the script see a `/run` that the test has made.
private let canUnshare =
    (try? Tool.run("unshare", ["--mount", "--propagation", "private", "true"]).status) == 0

@Suite("The package lifeboot, before it is unpacked", .enabled(if: canUnshare, "no mount namespace can be made"))
struct PackageRefusalTests {
    /// What a machine is like: the folders that are in its `/run`, whether this is a chroot, and whether it is a container.
    private struct Place {
        var run: [String]
        var isChroot = false
        var isContainer = false
    }

    /// Runs the script with a `/run` and programs that answer as they are told to.
    private static func preinst(_ arguments: [String], in place: Place, variables: [String] = []) throws -> Tool.Result
    {
        let script = """
            set -e
            mount -t tmpfs tmpfs /run
            for folder in \(place.run.joined(separator: " ")); do mkdir -p "/run/$folder"; done
            mkdir /run/bin
            printf '#!/bin/sh\\nexit \(place.isChroot ? 0 : 1)\\n' >/run/bin/ischroot
            printf '#!/bin/sh\\nexit \(place.isContainer ? 0 : 1)\\n' >/run/bin/systemd-detect-virt
            chmod +x /run/bin/*
            exec env PATH="/run/bin:$PATH" \(variables.joined(separator: " ")) sh packaging/lifeboot/preinst "$@"
            """
        return try Tool.run(
            "unshare", ["--mount", "--propagation", "private", "sh", "-c", script, "preinst"] + arguments)
    }

    @Test("is refused on a machine that another system runs on, and says what to do")
    func refused() throws {
        let result = try Self.preinst(["install"], in: Place(run: ["systemd/system"]))
        #expect(result.status == 1)
        #expect(
            result.complaints.contains("would not start any more")
                && result.complaints.contains("LIFEBOOT_INSTALL=anyway"))
    }

    @Test("goes where its owner says so, on a machine of ours, in a chroot, in a container, and over an older one")
    func taken() throws {
        let system = "systemd/system"
        for (place, arguments, variables) in [
            (Place(run: [system]), ["install"], ["LIFEBOOT_INSTALL=anyway"]),
            (Place(run: [system, "lifeboot"]), ["install"], []), (Place(run: []), ["install"], []),
            (Place(run: [system], isChroot: true), ["install"], []),
            (Place(run: [system], isContainer: true), ["install"], []), (Place(run: [system]), ["install", "1.0"], []),
            (Place(run: [system]), ["upgrade", "1.0"], []),
        ] {
            let result = try Self.preinst(arguments, in: place, variables: variables)
            #expect(result.status == 0 && result.complaints.isEmpty, "\(place), \(arguments): \(result.complaints)")
        }
    }
}
