import GrubEnvironment
import ImageModel
import Testing

@Suite("A sealed system", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct SealedTests {
    private static let layout = Array("volumes:\n  - {device: PARTLABEL=oem, path: /srv}\n".utf8)
    private static let typed = [
        "console=tty0", "console=ttyS0", "systemd.show_status=false", "lifeboot.device-timeout=20", "no_timer_check",
        "init=/bin/sh",
    ]

    @Test("does not boot with arguments that nobody signed, and takes a layout from OEM only when it is signed")
    func sealed() async throws {
        let system = try await InstalledSystem.build(.sealed)
        try await withScratchDirectory { scratch in
            let disk = try await system.disk(in: scratch) { disk in
                try await disk.setFile("/layout.yaml", on: "oem", to: Self.layout)
                try await disk.setFile("/lifeboot.yaml", on: "oem", to: Array("unsigned: allow\n".utf8))
                let arguments = try EnvironmentBlock.kernelArguments(Self.typed)
                try await disk.changeImageFile("kernel.env", of: .active) { _ in arguments }
                try await disk.setTries(1, of: .active)
            }
            try await withGuest(GuestConfiguration(disks: [disk])) { guest in
                try await guest.waitForHealthy(role: .passive)
                #expect(guest.starts(of: .active) == 1)
                let status = try await guest.status()
                let diagnosis = status.diagnosis(of: .active)
                #expect(diagnosis.contains("check-arguments") && diagnosis.contains("init=/bin/sh"), "\(diagnosis)")
                for file in ["/oem/layout.yaml", "/oem/lifeboot.yaml"] {
                    #expect(status.problems.contains { $0.contains(file) }, "\(status.problems)")
                }
                #expect(try await guest.output(of: "findmnt -no FSTYPE /srv") == "overlay")
                try await guest.shutDown()
            }

            let signature = try await signature(over: Self.layout, key: "\(system.keys)/lifeboot.key")
            try await disk.edit { try await $0.setFile("/layout.yaml.sig", on: "oem", to: signature) }
            try await withGuest(GuestConfiguration(disks: [disk])) { guest in
                try await guest.waitForHealthy(role: .passive)
                #expect(try await guest.output(of: "findmnt -no OPTIONS /srv").contains("nosuid,nodev"))
                #expect(try await guest.output(of: "ls /srv").contains("layout.yaml.sig"))
            }
        }
    }
}
