import KernelModules
import LinuxSystem
import Synchronization
import SystemPackage

/// Loads modules, each once, for whoever asks: the steps of a boot, and devices that appear meanwhile.
final class ModuleLoader: Sendable {
    /// The modules and what the owner says of them.
    let folder: ModuleFolder
    private let done = Mutex<Set<ModuleName>>([])

    /// Starts with none loaded.
    init(_ folder: ModuleFolder) { self.folder = folder }

    /// Loads one; false when it is not for this machine.
    ///
    /// That is no news for people: an alias may have several modules, and the right one is found by trying.
    /// Two threads may load one at a time: the kernel lets the second wait for the first.
    ///
    /// - Throws: `SystemError` with what the kernel does not like.
    func load(_ module: ModuleLoad) throws(SystemError) -> Bool {
        guard !done.withLock({ $0.contains(module.name) }) else { return true }
        let file = folder.path.appending(FilePath(module.file).components)
        let outcome = try KernelModule.load(file, parameters: module.parameters)
        _ = done.withLock { $0.insert(module.name) }
        return outcome != .notForThisMachine
    }

    /// Loads what a request of the kernel brings in; what only may be there is told when it cannot be loaded.
    ///
    /// The kernel asks for much that no machine has, so that a name that nobody knows is no message.
    @discardableResult
    func load(request: String, _ log: KernelLog) -> Bool {
        guard case .load(let modules) = folder.resolver.answer(request) else { return false }
        var isDone = modules.isEmpty
        for module in modules {
            do throws(SystemError) { isDone = try load(module) || isDone } catch {
                log.write("\(error)", level: .warning)
                if !module.isOptional { return false }
            }
        }
        return isDone
    }

    /// Loads the drivers of devices; what cannot be loaded is told, and the others are.
    func loadDrivers(of aliases: [String], _ log: KernelLog) {
        for module in folder.resolver.drivers(for: aliases.filter { !$0.hasPrefix("cpu:") }) {
            do throws(SystemError) { _ = try load(module) } catch { log.write("\(error)", level: .warning) }
        }
    }
}
