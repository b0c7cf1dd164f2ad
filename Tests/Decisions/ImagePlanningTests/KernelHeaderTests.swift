import MadeUpLoaders
import Testing

@testable import ImagePlanning

@Suite("Headers of kernels")
struct KernelHeaderTests {
    /// A bzImage as boot.rst describes it.
    static func bzImage(protocol version: Int = 0x20F, flags: UInt8 = 1, name: String = "6.1-2") -> [UInt8] {
        var head = [UInt8](repeating: 0, count: 4096)
        head.replaceSubrange(0x1FE..<0x200, with: [0x55, 0xAA])
        head.replaceSubrange(0x202..<0x206, with: Array("HdrS".utf8))
        head.replaceSubrange(0x206..<0x208, with: [UInt8(version & 0xFF), UInt8(version >> 8)])
        head.replaceSubrange(0x20E..<0x210, with: [0, 4])
        head[0x236] = flags
        let text = Array("\(name) (maker) #1\0".utf8)
        head.replaceSubrange(0x600..<(0x600 + text.count), with: text)
        return head
    }

    private static func marked(_ marks: [(Int, [UInt8])]) -> [UInt8] {
        var head = [UInt8](repeating: 0, count: 512)
        for (offset, bytes) in marks { head.replaceSubrange(offset..<(offset + bytes.count), with: bytes) }
        return head
    }

    @Test("a bzImage says whether it is for 64 bits from protocol 2.12 on, and its version")
    func x86() {
        #expect(KernelHeader(head: Self.bzImage())?.architectures == ["amd64"])
        #expect(KernelHeader(head: Self.bzImage())?.version == KernelVersion("6.1-2"))
        #expect(KernelHeader(head: Self.bzImage(flags: 0))?.architectures == ["386"])
        #expect(KernelHeader(head: Self.bzImage(protocol: 0x20B))?.architectures == ["amd64", "386"])
    }

    @Test("a kernel that is a program for UEFI says whether it is signed", arguments: [true, false])
    func signed(isSigned: Bool) {
        var head = Self.bzImage()
        var program = MadeUpLoader([])
        program.isSigned = isSigned
        head.replaceSubrange(0..<0x100, with: program.bytes.prefix(0x100))
        #expect(KernelHeader(head: head)?.isSigned == isSigned)
        #expect(KernelHeader(head: Self.bzImage())?.isSigned == false)
    }

    @Test(
        "images of other machines are known by their magic",
        arguments: [
            (marked([(56, Array("ARM\u{64}".utf8))]), "arm64"), (marked([(56, Array("RSC\u{05}".utf8))]), "riscv64"),
            (
                marked([
                    (0, Array("MZ".utf8)), (4, Array("zimg".utf8)), (0x3C, [0x80]), (0x80, Array("PE\0\0".utf8)),
                    (0x84, [0x64, 0xAA]),
                ]), "arm64"
            ),
        ])
    func others(head: [UInt8], architecture: String) {
        #expect(KernelHeader(head: head)?.architectures == [architecture])
    }

    @Test("a file that is cut off, a text, an EFI program and an ELF kernel are none")
    func none() {
        for length in [0, 2, 63, 0x205, 0x237] {
            #expect(KernelHeader(head: Array(Self.bzImage().prefix(length))) == nil)
        }
        #expect(KernelHeader(head: Array("not a kernel\n".utf8)) == nil)
        #expect(KernelHeader(head: Self.marked([(0, Array("MZ".utf8)), (0x3C, [0xFF, 0xFF])])) == nil)
        #expect(
            KernelHeader(head: Self.marked([(0, Array("MZ".utf8)), (4, Array("zimg".utf8)), (0x3C, [0xFF, 0xFF])]))
                == nil)
        #expect(KernelHeader(head: Self.marked([(0, [0x7F, 0x45, 0x4C, 0x46, 2, 1])])) == nil)
    }
}

@Suite("Architecture of a system")
struct SystemArchitectureTests {
    private static func program(_ machine: UInt8) -> [UInt8] {
        [0x7F, 0x45, 0x4C, 0x46, 2, 1] + [UInt8](repeating: 0, count: 12) + [machine, 0]
    }

    @Test(
        "a program says its machine",
        arguments: [(3, "386"), (40, "arm"), (62, "amd64"), (183, "arm64"), (243, "riscv64")])
    func programs(machine: UInt8, architecture: String) {
        #expect(SystemArchitecture.ofProgram(elf: Self.program(machine)) == architecture)
    }

    @Test("what is no ELF program of a known machine says nothing")
    func unknown() {
        #expect(SystemArchitecture.ofProgram(elf: Self.program(1)) == nil)
        #expect(SystemArchitecture.ofProgram(elf: Array(Self.program(62).prefix(19))) == nil)
        #expect(SystemArchitecture.ofProgram(elf: Array("#!/bin/sh\nexec something".utf8)) == nil)
    }

    @Test(
        "the kernel decides, the first process where the kernel leaves it open",
        arguments: [
            (["amd64"], "386", "amd64"), (["amd64", "386"], "386", "386"), (["amd64", "386"], "amd64", "amd64"),
            (["arm64"], "arm64", "arm64"), ([], "arm64", "arm64"), (["arm64"], nil, "arm64"),
            (["amd64", "386"], nil, nil), ([], nil, nil), (["arm64"], "amd64", "arm64"),
        ] as [([String], String?, String?)])
    func whole(kernel: [String], program: String?, architecture: String?) {
        #expect(SystemArchitecture.of(kernel: kernel, program: program) == architecture)
    }

    @Test("a kernel for 64 bits runs programs for 32, never those of another machine")
    func runs() {
        #expect(SystemArchitecture.runs("386", kernel: ["amd64"]) && SystemArchitecture.runs("arm", kernel: ["arm64"]))
        #expect(SystemArchitecture.runs("riscv64", kernel: []))
        #expect(!SystemArchitecture.runs("arm64", kernel: ["amd64", "386"]))
    }
}
