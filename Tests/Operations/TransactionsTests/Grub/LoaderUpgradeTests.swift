import Foundation
import GrubEnvironment
import ImagePlanning
import MadeUpLoaders
import Plans
import SystemPackage
import Testing
import TransactionPlanning

@testable import Transactions

/// A folder that stands for a boot partition, and what a firmware with Secure Boot makes of it.
private final class LoaderFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "loaders-\(UUID())")
    let copies: GrubCopies

    init(_ loaders: UEFILoaders) throws {
        copies = GrubCopies(root: FilePath(url.path))
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for folder in loaders.folders {
            try FileManager.default.createDirectory(at: url.appending(path: folder), withIntermediateDirectories: true)
        }
        for file in loaders.files { try Data(file.bytes).write(to: url.appending(path: file.path)) }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func bytes(_ path: String) -> [UInt8]? { (try? Data(contentsOf: url.appending(path: path))).map { Array($0) } }

    /// The plans that are made now, as `lifeboot grub` makes them.
    func actions(_ offered: UEFILoaders) -> [GrubAction] {
        let replacement = LoaderReplacement(offered: offered) { bytes($0) }
        let facts = GrubFacts(
            offered: 1, arrangement: .copies(GrubSelection(loader: 1)),
            copies: [.a: .whole(version: 1), .b: .whole(version: 1)],
            outdated: Set(replacement.outdated.map { .uefi($0) }),
            isPair: offered.isPair)
        return GrubPlan.plans(facts).flatMap { $0.steps.map(\.action) }
    }

    func perform(_ action: GrubAction, _ offered: UEFILoaders) throws {
        switch action {
        case .writeLoader(let file): try LoaderUpgrade(offered, on: copies).stage(file)
        case .exchangeLoader(let file): #expect(try LoaderUpgrade(offered, on: copies).commit(file) == [])
        default: Issue.record("\(action)")
        }
    }

    /// Whether the machine starts: shim starts a GRUB that it does not refuse, and that finds its configuration.
    var starts: Bool {
        guard let firmware = bytes("/EFI/BOOT/BOOTX64.EFI").flatMap({ EFIProgram($0) }) else { return false }
        guard firmware.isShim else { return true }
        guard let grub = bytes("/EFI/BOOT/grubx64.efi").flatMap({ EFIProgram($0) }), let prefix = grub.grubPrefix,
            bytes("\(prefix)/grub.cfg") == [7]
        else { return false }
        return SBATLevels(demandedBy: firmware).map { SBATLevels(of: grub).shortfalls(of: $0).isEmpty } ?? true
    }
}

@Suite("An upgrade of loaders")
struct LoaderUpgradeTests {
    /// A pair of a generation; each next one refuses GRUB of the one before, and looks elsewhere for its configuration.
    static func pair(_ generation: Int) throws -> UEFILoaders {
        let shim = MadeUpLoader.shim("\(generation)", level: "sbat,1\ngrub,\(generation)\n")
        let grub = MadeUpLoader.grub(prefix: "/EFI/\(generation)", own: "grub,\(generation)\n")
        let files = ["shimx64.efi": shim.bytes, "grubx64.efi": grub.bytes, "mmx64.efi": [UInt8(generation)]]
        return try #require(try UEFILoaders(configuration: [7]) { files[$0] })
    }

    static let own = UEFILoaders(own: MadeUpLoader.grub(prefix: "(,gpt2)/grub").bytes)

    @Test("that is cut anywhere leaves a machine that starts, and goes on where it was", arguments: [true, false])
    func cuts(fromOwn: Bool) throws {
        let (old, new) = (fromOwn ? Self.own : try Self.pair(5), try Self.pair(6))
        let count = try LoaderFolder(old).actions(new).count
        #expect(count == 8)
        for cut in 0...count {
            let disk = try LoaderFolder(old)
            for action in disk.actions(new).prefix(cut) { try disk.perform(action, new) }
            #expect(disk.starts, "after \(cut) steps")
            for action in disk.actions(new) { try disk.perform(action, new) }
            #expect(disk.starts)
            for file in new.files { #expect(disk.bytes(file.path) == file.bytes, "\(file.path) after \(cut) steps") }
            #expect(disk.actions(new).isEmpty)
        }
    }

    @Test("that is cut within a write leaves what is in use as it is, and writes it again")
    func pieces() throws {
        let (old, new) = (try Self.pair(5), try Self.pair(6))
        for file in new.files {
            let disk = try LoaderFolder(old)
            let actions = disk.actions(new)
            let index = try #require(actions.firstIndex(of: .writeLoader(file.file)))
            for action in actions[..<index] { try disk.perform(action, new) }
            let place = disk.url.appending(path: GrubPlaces.new(file.path))
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(file.bytes.prefix(file.bytes.count / 2)).write(to: place)
            #expect(disk.starts)
            for action in disk.actions(new) { try disk.perform(action, new) }
            #expect(disk.starts && disk.bytes(file.path) == file.bytes)
        }
    }

    @Test("keeps what was there under the other name")
    func kept() throws {
        let (old, new) = (try Self.pair(5), try Self.pair(6))
        let disk = try LoaderFolder(old)
        for action in disk.actions(new) { try disk.perform(action, new) }
        #expect(disk.bytes("/EFI/BOOT/BOOTX64.NEW") == old.files.last?.bytes)
        #expect(disk.bytes("/EFI/BOOT/grubx64.new") == old.files[2].bytes)
    }

    @Test("reads the pair of an image, or the one program, and says what does not fit")
    func source() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "grub-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let put = { (name: String, bytes: [UInt8]) in try Data(bytes).write(to: folder.appending(path: name)) }
        for (name, text) in [("version", "1\n"), ("grub.cfg", "x\n"), ("select.cfg", "y\n")] {
            try put(name, Array(text.utf8))
        }
        let source = { try GrubSource(FilePath(folder.path)) }
        #expect(try source()?.loaders == nil)
        try put("BOOTX64.EFI", [9])
        #expect(try source()?.loaders == UEFILoaders(own: [9]))
        try put("shimx64.efi", MadeUpLoader.shim().bytes)
        #expect(throws: LoaderError.self) { try source() }
        try put("grubx64.efi", MadeUpLoader.grub().bytes)
        let loaders = try #require(try source()?.loaders)
        #expect(loaders.isPair && loaders.files.count == 3)
        #expect(loaders.files[0].bytes == UEFILoaders.diskConfiguration)
        let boot = folder.appending(path: "boot")
        try FileManager.default.createDirectory(at: boot, withIntermediateDirectories: true)
        try GrubInstallation(try #require(try source())).fill(bootPartition: FilePath(boot.path))
        for file in loaders.files {
            #expect(try Array(Data(contentsOf: boot.appending(path: file.path))) == file.bytes)
        }
    }
}
