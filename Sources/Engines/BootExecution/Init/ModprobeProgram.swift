import BootModel
import KernelModules
import LinuxSystem

/// What the kernel calls when it needs a module that nobody has loaded: a filesystem, a cipher, a target of device-mapper.
///
/// It calls `/sbin/modprobe -q -- NAME` (kernel, kernel/module/kmod.c). Without such a program it goes on in silence.
enum ModprobeProgram {
    /// Loads what the words after the options name; 0 when all of it is there.
    static func run(_ arguments: [String]) -> Int32 {
        let log = KernelLog(name: "lifeboot-modprobe")
        do {
            let line = KernelCommandLine(parsing: try Procfs.commandLine())
            guard let folder = try ModuleFolder.ofThisKernel(line) else { return 1 }
            let loader = ModuleLoader(folder)
            let results = requests(arguments).map { loader.load(request: $0, log) }
            return results.allSatisfy(\.self) ? 0 : 1
        } catch {
            log.write("\(error)", level: .error)
            return 1
        }
    }

    /// The names and aliases among its arguments.
    static func requests(_ arguments: [String]) -> [String] {
        guard let end = arguments.firstIndex(of: "--") else { return arguments.filter { !$0.hasPrefix("-") } }
        return Array(arguments[(end + 1)...])
    }
}
