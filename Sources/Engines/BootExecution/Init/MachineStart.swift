import BootModel
package import BootPlanning
import KernelModules
import LinuxSystem
import Plans
import SystemPackage

/// What a machine that only has a kernel needs before anything can be mounted: drivers.
struct MachineStart: ~Copyable {
    /// Bytes of `/proc/cpuinfo` that hold the first processor, which takes some 1,500; making all of it takes the kernel long
    /// where there are many.
    private static let processorLength = 16 << 10

    private let line: KernelCommandLine
    private var socket: UeventSocket?
    private var follower: DeviceFollower?
    private var loader: ModuleLoader?

    /// Starts with nothing loaded.
    init(_ line: KernelCommandLine) { self.line = line }

    /// Listens to the kernel, and only then looks at what there is, so that nothing is missed in between.
    ///
    /// - Throws: `EffectError` for an initramfs of another kernel; `SystemError` when `/sys` or a file cannot be read.
    mutating func facts(_ parameters: BootParameters, _ log: KernelLog) throws -> MachineFacts {
        socket = try UeventSocket()
        guard let folder = try ModuleFolder.ofThisKernel(line) else {
            return MachineFacts(parameters: parameters, release: KernelNames.release, modules: nil)
        }
        for problem in folder.problems { log.write(problem, level: .warning) }
        loader = ModuleLoader(folder)
        return MachineFacts(
            parameters: parameters, release: KernelNames.release, modules: folder.resolver,
            aliases: try DeviceAliases.all(), processorFlags: try Self.processorFlags())
    }

    /// Loads a module.
    func load(_ module: ModuleLoad) throws -> StepResult<UndoAction> {
        _ = try loader?.load(module)
        return StepResult()
    }

    /// What loads the modules of filesystems; nil for a kernel that has none.
    func filesystems(_ log: KernelLog) -> FilesystemModules? {
        loader.map { loader in FilesystemModules { loader.load(request: $0, log) } }
    }

    /// Loads drivers of devices that appear, until `stop`.
    mutating func follow(_ log: KernelLog) throws -> StepResult<UndoAction> {
        guard let loader, let socket = socket.take() else { return StepResult() }
        follower = try DeviceFollower(socket, loader, log)
        return StepResult()
    }

    /// Waits for what is being loaded; nothing is loaded any more.
    mutating func stop() { follower.take()?.stop() }

    /// What the first processor can do.
    private static func processorFlags() throws(SystemError) -> Set<String> {
        let text = String(decoding: try FileRange.read("/proc/cpuinfo", at: 0, count: processorLength), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("flags") || $0.hasPrefix("Features") }
        return Set((line ?? "").split { $0 == " " || $0 == "\t" }.dropFirst(2).map(String.init))
    }
}

/// Drivers and filesystems, where the agent is the first process.
extension LiveBootEffects {
    /// Whether this machine has only its kernel yet.
    package var startsMachine: Bool { start != nil }

    /// Looks which devices and modules there are.
    package mutating func machineFacts() throws -> MachineFacts {
        guard let facts = try start?.facts(parameters, kernelLog) else {
            return MachineFacts(parameters: parameters, release: KernelNames.release, modules: nil)
        }
        return facts
    }

    mutating func followDevices() throws -> StepResult<UndoAction> {
        try start?.follow(kernelLog) ?? StepResult()
    }

    func load(_ module: ModuleLoad) throws -> StepResult<UndoAction> { try start?.load(module) ?? StepResult() }

    /// Ends the loading of drivers beside the boot; one that is cut while it starts does not come back.
    mutating func stopLoading() { start?.stop() }
}
