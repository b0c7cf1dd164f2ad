import BootExecution
import CInitramfs
import LinuxSystem

/// Mounts the root from its image: as the first process of an initramfs, or called by another one (dracut-module/).
@main
struct Program {
    static func main() {
        ThisProcess.end(BootProgram.run(isPrepared: cinitramfs_is_prepared() == 1))
    }
}
