import BootExecution
import LinuxSystem

/// Mounts the root from its image; called by the initramfs (dracut-module/).
@main
struct Program {
    static func main() {
        ThisProcess.end(BootProgram.run())
    }
}
