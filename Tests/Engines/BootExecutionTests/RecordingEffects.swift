import BootModel
import KernelModules
import Plans
import SystemPackage

@testable import BootExecution
@testable import BootPlanning

/// Says what a boot would do to a machine, and fails one step when told to.
struct RecordingEffects: BootEffects {
    struct Injected: Error, CustomStringConvertible {
        var description: String { "injected" }
    }

    var parameters = BootParameters()
    var failAt: Int?
    /// Whether each step has something to note besides.
    var isNoting = false
    var performed: [BootAction] = []
    var undone: [UndoAction] = []
    var failUndo = false
    var lines = LogLines()

    final class LogLines { var all: [String] = [] }

    var imageName: String? { "test 1" }

    mutating func perform(_ action: BootAction) throws -> StepResult<UndoAction> {
        defer { performed.append(action) }
        if performed.count == failAt { throw Injected() }
        return StepResult(
            note: isNoting ? "noted" : nil,
            undo: [.unmount(FilePath("/\(performed.count)/a")), .unmount(FilePath("/\(performed.count)/b"))])
    }

    mutating func undo(_ action: UndoAction) throws {
        undone.append(action)
        if failUndo { throw Injected() }
    }

    var isSealed = false
    /// Whether the machine phase is run, too.
    var startsMachine = false

    mutating func machineFacts() -> MachineFacts {
        MachineFacts(parameters: parameters, release: "6.1", modules: modules)
    }

    /// A kernel with the modules that a root is mounted by.
    private var modules: ModuleResolver {
        var index = ModuleIndex()
        for name in ["loop", "dm_mod", "dm_verity", "squashfs", "overlay"] {
            index.addDependencies(Array("kernel/\(name).ko:\n".utf8))
        }
        return ModuleResolver(index, ModuleSettings())
    }

    let notes = ["passed over"]

    func rootFacts() -> RootFacts { RootFacts(parameters: parameters, isSealed: isSealed) }

    func configurationFacts() -> ConfigurationFacts {
        ConfigurationFacts(parameters: parameters, stages: ["rootfs", "initramfs"])
    }

    mutating func stateFacts() -> StateFacts {
        looking += 70
        return StateFacts(parameters: parameters, existing: ["/etc", "/var"])
    }

    func handoffFacts() -> HandoffFacts {
        HandoffFacts(
            parameters: parameters, mountPoints: ["/etc"],
            hasPersistent: performed.contains { $0.kind == .mountPersistent }, stages: ["rootfs", "initramfs"])
    }

    /// How long it takes to look at the machine before the state phase.
    var looking: Int64 = 0
    func now() -> Int64 { Int64(performed.count) * 1000 + looking }

    func log(_ line: String) { lines.all.append(line) }
}
