import Testing

@testable import OverlayPlanning

/// Asks the kernel that runs; the limits are those of every kernel since 4.0.
@Suite("Limits against the kernel", .enabled(if: PrivateMounts.arePossible(with: "mount")))
struct OverlayKernelTests {
    /// Runs lines of a shell in an empty folder; true when the last one succeeds.
    private static func succeeds(_ script: String) throws -> Bool {
        try PrivateMounts.run(["sh", "-c", "cd /run && mkdir top && \(script)"]).status == 0
    }

    @Test("so many lower folders are taken, and not one more", arguments: [0, 1])
    func layers(more: Int) throws {
        let count = OverlayLimits().layers + more
        let stacks = try Self.succeeds(
            "mkdir $(seq \(count)) && mount -t overlay overlay -o lowerdir=$(seq -s: \(count)) top")
        #expect(stacks == (more == 0))
    }

    @Test("overlays lie in each other so deep, and no deeper", arguments: [0, 1])
    func depth(more: Int) throws {
        let mounts = (1...(OverlayLimits().depth + more)).map {
            "mkdir l\($0) m\($0) && mount -t overlay overlay -o lowerdir=l\($0):\($0 == 1 ? "top" : "m\($0 - 1)") m\($0)"
        }
        #expect(try Self.succeeds(mounts.joined(separator: " && ")) == (more == 0))
    }

    @Test("options are as long as a page without its zero, and no longer", arguments: [0, 1])
    func options(more: Int) throws {
        // 22 folders, one of them with a name that makes up the length; `lowerdir=` belongs to the options.
        let length = OverlayLimits().optionBytes + more - "lowerdir=".utf8.count
        let names = (10..<30).map { "\($0)" + String(repeating: "x", count: 198) }
        let last = String(repeating: "y", count: length - names.joined(separator: ":").utf8.count - 1)
        let all = names + [last]
        let list = all.joined(separator: ":")
        let stacks = try Self.succeeds(
            "mkdir \(all.joined(separator: " ")) && mount -t overlay overlay -o lowerdir=\(list) top")
        #expect(stacks == (more == 0))
    }
}
