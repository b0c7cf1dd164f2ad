import GrubEnvironment
import ImageModel
import JSONText
import Testing

@Suite("A broken image", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct FallbackTests {
    @Test(
        "with a truncated initrd GRUB goes on at once, with no key press",
        arguments: GuestConfiguration.Firmware.allCases.first(1))
    func truncatedInitrd(firmware: GuestConfiguration.Firmware) async throws {
        try await withSystem(
            firmware: firmware,
            change: { disk in
                try await disk.changeImageFile("initrd.img", of: .active) { Array($0.prefix($0.count / 2)) }
            }
        ) { guest, _ in
            try await guest.waitForHealthy(role: .passive)
            #expect(guest.starts(of: .active) == 0)
            #expect(!guest.console.text.contains("ress any key"))
            let status = try await guest.status()
            #expect(status.reason == "fallback")
            #expect(status.of(.active)?["state"]?.text == "bad")
        }
    }

    @Test(
        "with a damaged root image uses up its attempts, then passive runs, and the next boot goes there directly",
        arguments: GuestConfiguration.Firmware.allCases.first(1))
    func damagedRoot(firmware: GuestConfiguration.Firmware) async throws {
        try await withSystem(
            firmware: firmware,
            change: { disk in
                let (file, partition) = try await disk.imageFile("root.squashfs", of: .active)
                try await disk.damageBlock(of: file, on: partition, at: 0)
                try await disk.setTries(firmware == .bios ? 3 : 2, of: .active)
            }
        ) { guest, _ in
            try await guest.waitForHealthy(role: .passive)
            #expect(guest.starts(of: .active) == (firmware == .bios ? 3 : 2))
            #expect(try await guest.status().of(.active)?["state"]?.text == "bad")
            try await guest.restart()
            try await guest.waitForHealthy(role: .passive)
            #expect(guest.starts(of: .active) == (firmware == .bios ? 3 : 2))
        }
    }

    @Test("in both roles leads to recovery, which names the failing step and cause of each")
    func bothBroken() async throws {
        try await withSystem(change: { disk in
            try await disk.removeImageFile("manifest.sig", of: .active)
            try await disk.changeImageFile("manifest.json", of: .passive) { $0 + [0x20] }
            try await disk.setTries(1, of: .active, .passive)
        }) { guest, _ in
            try await Self.checkDiagnoses(guest, active: "the image is not signed", passive: "the manifest was altered")
            let text = try await guest.output(of: "lifeboot status")
            #expect(text.contains("not signed") && text.contains("altered"))
            #expect(guest.console.text.contains("lifeboot: the active system did not start"))
        }
    }

    @Test("signed by an unknown key, or damaged in its signature, is refused in words that say which, by UEFI, too")
    func untrusted() async throws {
        try await withSystem(
            firmware: .uefi,
            change: { disk in
                let foreign = try await foreignSignature(over: try await disk.manifest(of: .active))
                try await disk.changeImageFile("manifest.sig", of: .active) { _ in foreign }
                try await disk.changeImageFile("manifest.sig", of: .passive) { _ in Array("not base64!\n".utf8) }
                try await disk.setTries(1, of: .active, .passive)
            }
        ) { guest, _ in
            try await Self.checkDiagnoses(guest, active: "unknown key", passive: "the signature is damaged")
        }
    }

    /// Waits for recovery and looks what it says about each role.
    static func checkDiagnoses(_ guest: Guest, active: String, passive: String) async throws {
        try await guest.waitForBoot(role: .recovery)
        let status = try await guest.status()
        for (role, cause) in [(Role.active, active), (.passive, passive)] {
            let diagnosis = status.diagnosis(of: role)
            #expect(diagnosis.contains("verify-manifest") && diagnosis.contains(cause), "\(diagnosis)")
        }
    }

    @Test("with another root hash, though well signed, is refused by verity")
    func rootHash() async throws {
        try await withSystem(change: { disk in
            try await disk.replaceRootHash(of: .active, signedIn: InstalledSystem.build().directory)
            try await disk.setTries(1, of: .active)
        }) { guest, _ in
            try await guest.waitForHealthy(role: .passive)
            #expect(guest.starts(of: .active) == 1)
        }
    }

    @Test("whose required health check fails uses up its attempts, then passive runs")
    func unhealthy() async throws {
        try await withSystem(change: { disk in
            try await disk.setFile("/unhealthy-active", on: "oem", to: [])
            try await disk.setTries(2, of: .active)
        }) { guest, _ in
            // Which of the unhealthy boots get as far as the test service depends on the distribution's speed.
            while try await guest.waitForBoot().role == "active" {}
            #expect(try await guest.waitForVerdict().status == 0)
            #expect(guest.starts(of: .active) == 2)
            let status = try await guest.status()
            #expect(status.boots == ["active unhealthy", "active unhealthy", "passive healthy"])
            #expect(status.diagnosis(of: .active).contains("the test wants active to be unhealthy"))
            #expect(status.of(.active)?["state"]?.text == "bad")
        }
    }

    @Test("is not needed for recovery: without a required volume the machine says so there")
    func requiredVolume() async throws {
        let layout = "volumes:\n  - device: LABEL=ABSENT\n    path: /data\n"
        try await withSystem(change: { disk in
            try await disk.setFile("/layout.yaml", on: "oem", to: Array(layout.utf8))
            try await disk.setTries(1, of: .active, .passive)
        }) { guest, _ in
            try await guest.waitForBoot(role: .recovery)
            #expect(guest.starts(of: .active) == 1 && guest.starts(of: .passive) == 1)
            let status = try await guest.status()
            for role in [Role.active, .passive] {
                #expect(status.diagnosis(of: role).contains("mount-volume LABEL=ABSENT on /data"))
            }
            #expect(guest.console.text.contains("LABEL=ABSENT"))
        }
    }

    @Test("that hangs is reset by the watchdog, counted, and falls back")
    func hang() async throws {
        try await withSystem(
            .generic, hasWatchdog: true,
            change: { disk in
                try await disk.setFile("/hang-active", on: "oem", to: [])
                try await disk.setTries(1, of: .active)
            }
        ) { guest, _ in
            try await guest.waitForEvent("WATCHDOG", within: .seconds(300))
            try await guest.waitForHealthy(role: .passive)
            #expect(guest.starts(of: .active) == 1)
            #expect(try await guest.status().of(.active)?["state"]?.text == "bad")
        }
    }
}
