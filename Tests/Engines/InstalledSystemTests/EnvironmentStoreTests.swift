import Foundation
import GrubEnvironment
import LinuxSystem
import SystemPackage
import TestMachines
import Testing

@testable import InstalledSystem

@Suite("A copy of the boot environment as a file")
struct EnvironmentStoreTests {
    @Test("one that is not there, empty or shorter than a sector is made again", arguments: [nil, 0, 100])
    func missing(_ size: Int?) throws {
        let folder = try TestFolder()
        let path = folder.path.appending("lifeboot").appending("boot.env")
        if let size { try folder.write(String(repeating: "#", count: size), to: "lifeboot/boot.env") }
        let bytes = FakeMachine.environment.serialized()
        try EnvironmentStore.write(bytes, to: path)
        #expect(try FileBytes.read(path, limit: 2048) == bytes)
        #expect(try folder.names("lifeboot") == ["boot.env"])
    }

    @Test("one that is there is written in place, also when it lost its second half", arguments: [512, 1024])
    func present(_ size: Int) throws {
        let folder = try TestFolder()
        try folder.write(String(repeating: "#", count: size), to: "boot.env")
        let path = folder.path.appending("boot.env")
        let before = try FileManager.default.attributesOfItem(atPath: path.string)[.systemFileNumber] as? Int
        let bytes = FakeMachine.environment.serialized()
        try EnvironmentStore.write(bytes, to: path)
        #expect(try FileBytes.read(path, limit: 2048) == bytes)
        #expect(try FileManager.default.attributesOfItem(atPath: path.string)[.systemFileNumber] as? Int == before)
    }
}
