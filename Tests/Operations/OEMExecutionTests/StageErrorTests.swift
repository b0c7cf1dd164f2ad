import DataSources
import Faults
import Testing

@testable import OEMExecution

@Suite("What a stage's action cannot do")
struct StageErrorTests {
    @Test("nothing found is a fault only where something could not be looked at")
    func doubt() {
        var finding = DataSourceFinding()
        finding.remarks = ["no data for this instance were found"]
        #expect(StageError.doubt(finding) == nil)
        finding.unseen = ["the block devices cannot be listed: try again", "config-drive on /dev/vdb: broken"]
        #expect(
            StageError.doubt(finding)?.cause
                == "the block devices cannot be listed: try again; config-drive on /dev/vdb: broken")
        finding.provider = "ec2"
        #expect(StageError.doubt(finding) == nil)
    }
}
