import MadeUpLoaders
import Testing

@testable import ImagePlanning

@Suite("Generations of programs")
struct SBATLevelsTests {
    @Test("are numbers behind the names, and other lines count for nothing")
    func parsing() {
        let levels = SBATLevels(
            parsing: Array("sbat,1,2025\ngrub,5,Free Software\nbad\ngrub.x,y\nshim,4".utf8) + [0, 65])
        #expect(levels.generations == ["sbat": 1, "grub": 5, "shim": 4])
    }

    @Test("that shim asks for are the list that counts by itself, wherever it lies")
    func demanded() throws {
        let shim = try #require(EFIProgram(MadeUpLoader.shim(level: "sbat,1,2025021800\nshim,4\ngrub,5\n").bytes))
        #expect(SBATLevels(demandedBy: shim)?.generations == ["sbat": 1, "shim": 4, "grub": 5])
        let old = try #require(EFIProgram(MadeUpLoader.shim(level: nil).bytes))
        #expect(SBATLevels(demandedBy: old) == nil)
    }

    @Test("fall short by a lower number of the same component alone")
    func shortfalls() {
        let demand = SBATLevels(parsing: Array("sbat,2\ngrub,5\nshim,4\n".utf8))
        #expect(SBATLevels(parsing: Array("sbat,1\ngrub,5\n".utf8)).shortfalls(of: demand) == [])
        #expect(
            SBATLevels(parsing: Array("grub,4\nshim,3\n".utf8)).shortfalls(of: demand) == [
                "grub 4, not 5", "shim 3, not 4",
            ])
    }
}
