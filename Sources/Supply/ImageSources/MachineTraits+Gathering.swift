package import ImageModel
import LinuxSystem
import SystemPackage
package import TransactionPlanning

extension MachineTraits {
    /// What an image has to fit on the machine that this program runs on.
    ///
    /// - Parameter board: what the configuration says; nil asks the firmware.
    package init(ofThisMachineFor agent: AgentVersion, board: String? = nil) {
        self.init(architecture: Self.architecture, board: board ?? Self.board(), agent: agent)
    }

    /// The machine type in OCI's spelling.
    private static var architecture: String {
        #if arch(x86_64)
            "amd64"
        #elseif arch(arm64)
            "arm64"
        #elseif arch(riscv64)
            "riscv64"
        #else
            "unknown"
        #endif
    }

    /// The board's name as the firmware says it; nil when it says none.
    private static func board() -> String? {
        for file in ["/sys/class/dmi/id/board_name", "/proc/device-tree/compatible"] as [FilePath] {
            guard let bytes = (try? FileBytes.readIfPresent(file, limit: 4096)) ?? nil else { continue }
            let name = String(decoding: bytes.prefix { $0 != 0 && $0 != 0x0A }, as: UTF8.self)
            if !name.isEmpty { return name }
        }
        return nil
    }
}
