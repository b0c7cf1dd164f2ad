import Foundation
import JSONText
import Testing

/// Systems that iPXE starts over the network.
@Suite(
    "A start over the network", .enabled(if: wantsEnduranceTests && !wantsFullInitramfs), .timeLimit(.minutes(30)))
struct NetbootTests {
    @Test("loads the image into memory by iPXE, is on no disk, and installs itself onto one")
    func live() async throws {
        try await withSite { script, scratch in
            let target = try DiskImage(empty: "\(scratch)/target.raw", size: InstallTests.diskSize)
            var configuration = GuestConfiguration(disks: [target])
            (configuration.networkBoot, configuration.memory) = (script, 3072)
            try await withGuest(configuration) { guest in
                #expect(try await guest.waitForBoot().role == "live")
                #expect(
                    try await guest.output(of: "findmnt -no SOURCE,FSTYPE /") == "/dev/mapper/lifeboot-root squashfs")
                #expect(try await guest.output(of: "hostname") == "network")
                #expect(try await guest.run("ls /run/lifeboot/medium-disk").status != 0)
                let steps = try await guest.steps(
                    of: "lifeboot install --sizes \(InstallTests.sizes) --json /dev/vda", within: InstallTests.limit)
                #expect(steps.last == "run-hooks")
                try await guest.shutDown()
            }
        }
    }

    @Test("says how much memory is missing when there is too little to unpack the image")
    func tooLittleMemory() async throws {
        try await withSite { script, _ in
            var configuration = GuestConfiguration()
            (configuration.networkBoot, configuration.memory) = (script, 400)
            try await withGuest(configuration) { guest in
                try await guest.console.wait(for: "the memory did not suffice", within: Guest.bootLimit)
                try await guest.console.wait(for: "MiB of memory, or start it from the image", within: Guest.bootLimit)
            }
        }
    }

    /// Serves what `boatyard netboot` makes of an image.
    private func withSite(_ body: (_ script: String, _ scratch: String) async throws -> Void) async throws {
        let system = try await InstalledSystem.build(.generic)
        try await withScratchDirectory { scratch in
            let oem = "\(scratch)/oem"
            try FileManager.default.createDirectory(atPath: oem, withIntermediateDirectories: true)
            try "stages: {initramfs: [{hostname: network}]}\n".write(
                toFile: "\(oem)/10_network.yaml", atomically: true, encoding: .utf8)
            try await HostCommand.run(
                InstalledSystem.boatyard,
                ["netboot", "--image", system.image(2), "-o", "\(scratch)/site", "--oem-files", oem],
                within: .seconds(120))
            let server = try HostProcess(
                InstalledSystem.boatyard, ["serve", "--files", "\(scratch)/site", "--listen", "127.0.0.1:0"],
                log: "\(scratch)/serve.log")
            let port = try await ServedSite.port(server)
            try await body("http://10.0.2.2:\(port)/files/boot.ipxe", scratch)
            server.terminate()
            _ = try await server.end(within: .seconds(30))
        }
    }
}
