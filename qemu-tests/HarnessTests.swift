import Foundation
import GrubEnvironment
import Testing

/// Are the machine tests wanted? They take minutes and need QEMU and root.
let wantsMachineTests = ProcessInfo.processInfo.environment["LIFEBOOT_MACHINE_TESTS"] == "1"

/// Whether the scenarios run that take long or have not been seen to pass often: `make test-endurance`.
let wantsEnduranceTests = wantsMachineTests && ProcessInfo.processInfo.environment["LIFEBOOT_ENDURANCE_TESTS"] == "1"

extension Collection {
    /// All of them in `make test-endurance`, the first so many otherwise: what differs between them is tested below, too.
    func first(_ count: Int) -> [Element] { Array(wantsEnduranceTests ? self[...] : prefix(count)) }
}

@Suite("The harness", .enabled(if: wantsMachineTests), .timeLimit(.minutes(60)))
struct HarnessTests {
    @Test("A guest boots, runs commands, restarts and shuts down")
    func guestLifeCycle() async throws {
        try await withScratchDirectory { directory in
            let guest = try await PlainGuest.build()
            try await withGuest(try await guest.configuration(in: directory)) { guest in
                let first = try await guest.waitForBoot()
                #expect(try await guest.output(of: "cat /proc/sys/kernel/random/boot_id") == first.bootID)
                #expect(try await guest.run("echo out; echo error >&2; exit 3").status == 3)
                try await guest.saveScreen(to: "\(directory)/screen.png")
                #expect(FileManager.default.fileExists(atPath: "\(directory)/screen.png"))
                try await guest.restart()
                #expect(try await guest.waitForBoot().bootID != first.bootID)
                try await guest.shutDown()
            }
        }
    }

    @Test("A copy-on-write disk is edited offline and its base is left alone")
    func offlineEdits() async throws {
        try await withScratchDirectory { directory in
            let base = "\(directory)/base.raw"
            try await ExampleDisk.make(at: base)
            let disk = try await DiskImage(copyingOnWrite: base, at: "\(directory)/disk.qcow2")
            try await disk.edit { editor in
                try await editor.setBootFile("/note", to: Array("new".utf8))
                try await editor.damageBlock(of: "/data", on: "state", at: 5_000)
            }
            let (note, data) = try await disk.edit { editor in
                (try await editor.bootFile("/note"), try await editor.file("/data", on: "state"))
            }
            #expect(note == Array("new".utf8))
            let sound = [UInt8](repeating: UInt8(ascii: "x"), count: 4_096)
            #expect(data == sound + sound.map { ~$0 } + sound)
            let untouched = try await DiskImage(raw: base).edit { try await $0.bootFile("/note") }
            #expect(untouched == Array("old".utf8))
        }
    }

    @Test("A wait that nothing ends fails in time and says what for")
    func boundedWait() async throws {
        let mailbox = Mailbox<Int>()
        await mailbox.post(1)
        let failure = await #expect(throws: MachineError.self) {
            _ = try await mailbox.first("an even number", within: .milliseconds(50)) { $0.isMultiple(of: 2) }
        }
        #expect(failure?.operation == "an even number")
        #expect(try await mailbox.first("an odd number", within: .seconds(1)) == 1)
    }
}
