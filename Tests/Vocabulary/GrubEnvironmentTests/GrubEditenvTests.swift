import Foundation
import LinuxSystem
import SeededNumbers
import SystemPackage
import Testing

@testable import GrubEnvironment

private let grubEditenv = "/usr/bin/grub-editenv"

/// Compares the codec with GRUB's own tool on generated blocks.
@Suite("Environment block against grub-editenv", .enabled(if: FileManager.default.fileExists(atPath: grubEditenv)))
struct GrubEditenvTests {
    static let count = 10_000

    @Test("10,000 generated blocks are read and written alike, both ways", .timeLimit(.minutes(10)))
    func bothWays() throws {
        // Memory, because `grub-editenv` flushes each block to the disk.
        let memory = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : "/tmp"
        let folder = URL(filePath: "\(memory)/grub-editenv-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var generator = SeededGenerator(seed: 2026)
        let blocks = (0..<Self.count).map { _ in Self.generate(using: &generator) }
        try write(blocks, in: folder)
        try runShells(in: folder, blocks: blocks)
        var listings = Data()
        for shell in 0..<Self.shells { listings += try Data(contentsOf: folder.appending(path: "listings\(shell)")) }
        #expect(listings == blocks.reduce(into: Data()) { $0.append(Data(Self.listing($1).utf8)) })
        for (number, block) in blocks.enumerated() {
            let theirs = try Data(contentsOf: folder.appending(path: "\(number).theirs"))
            let ours = try block.serialized()
            guard Array(theirs) == ours, try EnvironmentBlock(parsing: Array(theirs)) == block else {
                Issue.record("block \(number) differs: \(block)")
                return
            }
        }
    }

    /// Shells that work side by side, each on its part of the blocks.
    static let shells = 2
    /// Blocks that are listed by one process, one behind the other in a file: to GRUB the padding of a block and the
    /// signature of the next one are a comment.
    static let listedAtOnce = 50

    /// Writes our blocks to be listed, and as many empty ones to be filled.
    private func write(_ blocks: [EnvironmentBlock], in folder: URL) throws {
        let empty = try Data(EnvironmentBlock().serialized())
        for number in blocks.indices { try empty.write(to: folder.appending(path: "\(number).theirs")) }
        for first in stride(from: 0, to: blocks.count, by: Self.listedAtOnce) {
            let ours = try blocks[first..<first + Self.listedAtOnce].map { Data(try $0.serialized()) }
            try Data(ours.joined()).write(to: folder.appending(path: "\(first).ours"))
        }
    }

    /// Lets `grub-editenv` list our blocks and make its own out of an empty one of ours.
    private func runShells(in folder: URL, blocks: [EnvironmentBlock]) throws {
        let part = blocks.count / Self.shells
        for shell in 0..<Self.shells {
            try write(shell, in: folder, numbers: shell * part..<(shell + 1) * part, of: blocks)
        }
        let both = "sh script0 >listings0 & first=$!; sh script1 >listings1; wait $first"
        try ChildProcess.run("sh", ["-ec", both], directory: FilePath(folder.path), timeout: .seconds(500))
            .requireSuccess()
    }

    /// Writes the script of a shell that works on some of the blocks and lists them.
    private func write(
        _ shell: Int, in folder: URL, numbers: Range<Int>, of blocks: [EnvironmentBlock]
    ) throws {
        var script = "set -e\n"
        for number in numbers {
            let settings = blocks[number].variables.map { "'\($0.name)=\($0.value.replacing("'", with: "'\\''"))'" }
            if number.isMultiple(of: Self.listedAtOnce) { script += "grub-editenv \(number).ours list\n" }
            script += "grub-editenv \(number).theirs set \(settings.joined(separator: " "))\n"
        }
        try Data(script.utf8).write(to: folder.appending(path: "script\(shell)"))
    }

    /// What `grub-editenv list` prints.
    private static func listing(_ block: EnvironmentBlock) -> String {
        block.variables.reduce(into: "") { $0 += "\($1.name)=\($1.value)\n" }
    }

    /// Makes a block of up to eight variables with values that stress the escaping and the padding.
    private static func generate(using generator: inout SeededGenerator) -> EnvironmentBlock {
        let values = Array("ab=#\\\n'\" $ä-_09")
        let names = Array("abcXYZ_019")
        var block = EnvironmentBlock()
        for _ in 0..<Int.random(in: 0...8, using: &generator) {
            let name = word(of: names, 1...6, using: &generator)
            block[name] = word(of: values, 0...40, using: &generator)
        }
        return block
    }

    /// Makes a word of random letters.
    private static func word(
        of letters: [Character], _ length: ClosedRange<Int>, using generator: inout SeededGenerator
    ) -> String {
        let count = Int.random(in: length, using: &generator)
        return String((0..<count).compactMap { _ in letters.randomElement(using: &generator) })
    }
}
