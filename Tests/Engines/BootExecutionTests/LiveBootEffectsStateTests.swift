import BootModel
import BootPlanning
import Glibc
import LinuxSystem
import Plans
import SystemLayout
import SystemPackage
import TestMachines
import Testing

@testable import BootExecution

@Suite("Live boot effects: state")
struct LiveBootEffectsStateTests {
    @Test(
        "a machine-id is 32 digits and not all zero",
        arguments: [
            ("0123456789abcdef0123456789abcdef\n", true), ("0123456789abcdef0123456789abcdef", true), ("", false),
            ("uninitialized\n", false), ("00000000000000000000000000000000", false),
            ("0123456789ABCDEF0123456789abcdef", false),
        ])
    func machineID(text: String, isValid: Bool) {
        #expect((MachineID(Array(text.utf8)) != nil) == isValid)
    }

    @Test("a made machine-id is valid and not the same twice")
    func random() {
        let ids = (0..<10).map { _ in MachineID.random().text }
        #expect(Set(ids).count == 10)
        #expect(ids.allSatisfy { MachineID(Array($0.utf8)) != nil })
    }
}

/// A store and a root of its own, with real mounts; only as root.
@Suite("Live boot effects: what others left on a store", .enabled(if: geteuid() == 0), .serialized)
struct LiveBootEffectsStoreTests {
    private static let path: FilePath = "/home"

    /// Prepares by a shell command in a folder with `store` (a filesystem of its own), `root/home/image` and `outside/victim`.
    static func scene(
        _ command: String, _ body: (inout LiveBootEffects, _ root: FilePath, _ store: FilePath) throws -> Void
    ) throws -> [String] {
        let folder = try TestFolder()
        let (root, store) = (folder.path.appending("root"), folder.path.appending("store"))
        for path in [root.appending("home"), store, folder.path.appending("outside")] { try Folders.make(path) }
        try Mount.temporary(on: store, size: "8m")
        defer { try? Mount.unmount(store, lazy: true) }
        let script = "echo image >root/home/image; echo precious >outside/victim; O=$PWD/outside\n\(command)"
        try ChildProcess.run("bash", ["-ec", script], directory: folder.path).requireSuccess()
        var effects = LiveBootEffects(parameters: BootParameters())
        defer { try? Mount.unmount(root.appending("home"), lazy: true) }
        try body(&effects, root, store)
        return try Folders.names(of: folder.path.appending("outside"))
    }

    /// Links that lead out of the store, and things that are no folders, where a persistent path keeps its data.
    static let traps = [
        "ln -s $O store/state", "mkfifo store/state", "mkdir store/state; ln -s $O store/state/home",
        "mkdir -p store/state/home; ln -s $O store/state/home/work",
        "mkdir -p store/state/home; ln -s $O store/state/home/upper; ln -s $O store/state/home/data",
        "mkdir -p store/state/home; mkfifo store/state/home/upper store/state/home/data",
        "mkdir -p store/state/home; ln -s $O store/state/home/upper.new; ln -s $O store/state/home/data.new",
    ]

    @Test(
        "nothing outside the store is changed through it, and nothing hangs", arguments: Self.traps,
        [PersistMode.overlay, .bind])
    func persistent(trap: String, mode: PersistMode) throws {
        let names = try Self.scene(trap) { effects, root, store in
            let action = BootAction.persistPath(Self.path, root: root, store: store, mode: mode)
            guard (try? effects.perform(action)) != nil else { return }
            try AtomicFile.write([1], to: root.appending("home").appending("new"))
            let victim = try FileStatus.of(root.appending("home").appending("victim"))
            #expect(victim == nil)
        }
        #expect(names == ["victim"])
    }

    @Test("whatever was left in an ephemeral store is gone after the next boot, and the boot goes on")
    func ephemeral() throws {
        let deep = """
            mkdir -p store/home/upper && cd store/home/upper
            for n in $(seq 25); do mkdir $(printf 'd%.0s' $(seq 200)) && cd -P $(printf 'd%.0s' $(seq 200)); done
            """
        _ = try Self.scene(deep) { effects, root, store in
            let result = try effects.perform(.overlayPath(Self.path, root: root, store: store))
            #expect(result.note == nil)
            let names = try Folders.names(of: root.appending("home"))
            #expect(names == ["image"])
        }
    }

    @Test("what cannot be removed is put aside with a note")
    func aside() throws {
        // Nobody removes a folder that something is mounted in.
        let mounted = "mkdir -p store/home/busy store/lower; mount -t tmpfs busy store/home/busy"
        _ = try Self.scene(mounted) { effects, root, store in
            let result = try effects.perform(.overlayPath(Self.path, root: root, store: store))
            #expect(result.note?.contains("unremovable") == true)
            let names = try Folders.names(of: root.appending("home"))
            #expect(names == ["image"])
        }
    }

    @Test(
        "nothing is mounted where a link leads to what belongs to the system",
        arguments: [
            "mkdir -p root/usr/bin; rmdir root/home 2>/dev/null || rm -r root/home; ln -s /usr/bin root/home",
            "mkdir -p root/usr/lib/systemd/system-generators; rm -r root/home; ln -s usr/lib/systemd/system-generators root/home",
            "mkdir -p root/etc/lifeboot/keys root/x; rm -r root/home; ln -s x/../etc/lifeboot/keys root/home",
            "mkdir -p root/boot; rm -r root/home; ln -s ../../../boot root/home", "rm -r root/home; ln -s / root/home",
        ])
    func reserved(links: String) throws {
        _ = try Self.scene(links) { effects, root, store in
            for mode in [PersistMode.overlay, .bind] {
                #expect(throws: EffectError.self) {
                    try effects.perform(.persistPath(Self.path, root: root, store: store, mode: mode))
                }
            }
            #expect(throws: EffectError.self) {
                try effects.perform(.overlayPath(Self.path, root: root, store: store))
            }
            let volume = DeviceMount(
                .anywhere(.path("/dev/null"), timeout: 1), MountSpec(on: Self.path, options: []), root: root, force: nil
            )
            #expect(throws: EffectError.self) { try effects.perform(.mountVolume(volume)) }
        }
    }
}
