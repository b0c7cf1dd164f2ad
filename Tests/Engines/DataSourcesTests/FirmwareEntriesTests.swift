import Faults
import Foundation
import ImageModel
import InstanceData
import LinuxSystem
import SystemPackage
import TestServers
import Testing

@testable import DataSources

@Suite("What a virtual machine is given") struct FirmwareEntriesTests {
    @Test("reads the entries of fw_cfg that are there; one that is too long is told")
    func firmware() throws {
        let folder = "sys/firmware/qemu_fw_cfg/by_name/opt/io.lifeboot"
        let fixture = try Fixture([
            "\(folder)/user-data/raw": "#!/bin/sh\n", "\(folder)/meta-data/raw": "instance-id: i-1",
        ])
        let entries: [(kind: MetadataKind, name: String)] = [
            (.metadata, "opt/io.lifeboot/meta-data"), (.userData, "opt/io.lifeboot/user-data"),
            (.network, "opt/io.lifeboot/other"),
        ]
        let answers = FirmwareEntries.read(entries, root: fixture.root, limit: 1 << 20)
        #expect(answers.texts.map(\.kind) == [.metadata, .userData])
        #expect(answers[.userData] == Array("#!/bin/sh\n".utf8))
        let small = FirmwareEntries.read(entries, root: fixture.root, limit: 10)
        #expect(small.texts.map(\.kind) == [.userData] && small.remarks.count == 1 && small.isIncomplete)
        #expect(FirmwareEntries.read(entries, root: "/nowhere/at/all", limit: 10).remarks.count == 3)
        let empty = try Fixture()
        #expect(FirmwareEntries.read(entries, root: empty.root, limit: 10).isEmpty)
    }

    /// A program that gives values as VMware's does.
    private func program(_ fixture: Fixture, _ values: [String: String]) throws -> String {
        let cases = values.map { "'info-get \($0.key)') printf '%s\\n' '\($0.value)';;" }.joined(separator: "\n")
        try fixture.write(
            "#!/bin/sh\ncase \"$1\" in\n\(cases)\n*) echo 'No value found' >&2; exit 1;;\nesac\n", to: "rpctool")
        let path = fixture.root.appending("rpctool").string
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    private static let values: [(kind: MetadataKind, name: String)] = [
        (.metadata, "guestinfo.metadata"), (.userData, "guestinfo.userdata"),
    ]

    @Test("reads VMware's values, each by its own encoding")
    func guestInfo() throws {
        let fixture = try Fixture()
        let text = Base64.encode(Array("#!/bin/sh\n".utf8))
        let path = try program(
            fixture,
            [
                "guestinfo.metadata": "instance-id: i-1", "guestinfo.userdata": text,
                "guestinfo.userdata.encoding": "base64",
            ])
        let answers = try GuestInfo(program: path, limit: 1 << 20).answers(Self.values, until: .after(.seconds(20)))
        #expect(answers[.metadata] == Array("instance-id: i-1".utf8))
        #expect(answers[.userData] == Array("#!/bin/sh\n".utf8))
        #expect(answers.remarks.isEmpty)
    }

    @Test("unpacks what is packed, and tells what is not what it says")
    func packed() throws {
        let fixture = try Fixture(["text": "#!/bin/sh\n"])
        try Tool.run("gzip", ["-n", fixture.root.appending("text").string])
        let packed = Base64.encode(try FileBytes.read(fixture.root.appending("text.gz"), limit: 1 << 12))
        for (encoding, text, isTaken) in [
            ("gzip+base64", packed, true), ("gz+b64", packed, true), ("gzip+base64", "x", false),
            ("b64", "%%%%", false),
            ("rot13", "x", false),
        ] {
            let path = try program(
                fixture, ["guestinfo.userdata": text, "guestinfo.userdata.encoding": encoding])
            let answers = try GuestInfo(program: path, limit: 1 << 20)
                .answers(Self.values, until: .after(.seconds(20)))
            #expect(answers.texts.map(\.bytes) == (isTaken ? [Array("#!/bin/sh\n".utf8)] : []), "\(encoding)")
            #expect(answers.remarks.count == (isTaken ? 0 : 1), "\(encoding)")
        }
    }

    @Test("without the program, or with one that hangs, there is a reason and no wait without end")
    func noProgram() throws {
        let missing = #expect(throws: DataSourceError.self) {
            try GuestInfo(program: "/nowhere/rpctool", limit: 10).answers(Self.values, until: .after(.seconds(5)))
        }
        #expect(missing?.cause.hasPrefix("/nowhere/rpctool of open-vm-tools could not be run") == true)
        let fixture = try Fixture(["rpctool": "#!/bin/sh\nsleep 30\n"])
        let path = fixture.root.appending("rpctool").string
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        let start = MonotonicClock.now()
        #expect(throws: DataSourceError.self) {
            try GuestInfo(program: path, limit: 10).answers(Self.values, until: .after(.milliseconds(300)))
        }
        #expect(MonotonicClock.now() - start < .seconds(10))
    }
}
