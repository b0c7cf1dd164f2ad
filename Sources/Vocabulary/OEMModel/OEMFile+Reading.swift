package import DocumentTree

extension OEMFile {
    /// Reads the bytes of a file; bad syntax is a file that is refused.
    ///
    /// - Parameter parse: reads YAML, with aliases written out.
    package init(
        _ bytes: [UInt8], parse: ([UInt8]) throws(DocumentError) -> DocumentNode?
    ) {
        do throws(DocumentError) {
            self.init(try parse(bytes), isCloudConfig: OEMHeader.isCloudConfig(bytes))
        } catch { self.init(refused: error) }
    }

    /// Reads the document of a file; nil is a text without one.
    ///
    /// Nothing is thrown: what is wrong is among the remarks, with how much it takes away.
    package init(_ document: DocumentNode?, isCloudConfig: Bool) {
        self.init()
        self.isCloudConfig = isCloudConfig
        guard let document, !document.isEmpty else {
            remarks.append(
                OEMRemark(.note, at: document?.mark ?? DocumentMark(line: 1, column: 1), "there is nothing in it"))
            return
        }
        do throws(DocumentError) { try read(try document.pairs("a file of configuration")) } catch {
            self = OEMFile(refused: error)
        }
        remarks.sort { $0.mark.line < $1.mark.line }
    }

    private mutating func read(_ pairs: [DocumentPair]) throws(DocumentError) {
        try refuseMisspeltStages(pairs)
        var cloud = CloudConfig()
        for pair in pairs where !Self.topKeys.contains(pair.key) {
            if CloudConfig.isKnown(pair.key) { readCloud(pair, &cloud) } else { readForeign(pair) }
            try checkCount(of: remarks.count, "remarks", at: pair.mark)
        }
        if isCloudConfig { lower(cloud) }
        if let last = pairs.last { try checkCount(of: remarks.count, "remarks", at: last.mark) }
        for pair in pairs where pair.key == "name" {
            name = pair.value.isEmpty ? nil : try pair.value.scalar("name")
        }
        for pair in pairs where pair.key == "stages" {
            let stages = try pair.value.pairs("stages")
            try checkCount(of: stages.count, "stages", at: pair.mark)
            for stage in stages { try readStage(stage) }
        }
    }

    /// What nobody has written is not read to its end: each remark costs a comparison with all keys, and a line of reports.
    private func checkCount(of count: Int, _ what: String, at mark: DocumentMark) throws(DocumentError) {
        guard count <= Self.countLimit else {
            throw DocumentError(
                at: mark, "there are more than \(Self.countLimit) \(what); is this a file of configuration?")
        }
    }

    /// A file with `stage:` does nothing at all, and its author waits for its effect.
    private func refuseMisspeltStages(_ pairs: [DocumentPair]) throws(DocumentError) {
        for pair in pairs where !CloudConfig.isKnown(pair.key) && !Self.topKeys.contains(pair.key) {
            if ["stages"].nearest(to: pair.key) != nil { throw pair.unknown(Self.topKeys) }
        }
    }

    private mutating func readCloud(_ pair: DocumentPair, _ cloud: inout CloudConfig) {
        guard isCloudConfig else {
            remarks.append(
                OEMRemark(
                    .warning, at: pair.mark,
                    "'\(pair.key)' counts only in a file whose first line is #cloud-config; it is not used here"))
            return
        }
        cloud.marks[pair.key] = pair.mark
        let only = DocumentNode(.mapping([pair]), at: pair.mark)
        do throws(DocumentError) { try CloudConfig.table.read(only, into: &cloud) } catch {
            remarks.append(OEMRemark(.step, error))
        }
    }

    private mutating func readForeign(_ pair: DocumentPair) {
        let known = isCloudConfig ? CloudConfig.table.entries.map(\.name) + Self.topKeys : Self.topKeys
        remarks.append(OEMRemark(.warning, at: pair.mark, ForeignKeys.remark(on: pair, known: known)))
    }

    private mutating func lower(_ cloud: CloudConfig) {
        let lowered = cloud.lowered()
        for stage in lowered.stages { add(stage.steps, to: stage.stage) }
        remarks += lowered.remarks
    }

    private mutating func readStage(_ pair: DocumentPair) throws(DocumentError) {
        if let remark = StageNames.remark(on: pair.key) {
            remarks.append(OEMRemark(StageNames.isSlip(pair.key) ? .warning : .note, at: pair.mark, remark))
        }
        let nodes: [DocumentNode]
        do throws(DocumentError) { nodes = try pair.value.elements("the stage \(pair.key)") } catch {
            return remarks.append(OEMRemark(.step, error))
        }
        var steps: [StageStep] = []
        for (index, node) in nodes.enumerated() where !node.isEmpty {
            if let step = readStep(node, index) { steps.append(step) }
            try checkCount(of: remarks.count, "remarks", at: node.mark)
        }
        add(steps, to: pair.key)
    }

    private mutating func readStep(_ node: DocumentNode, _ index: Int) -> StageStep? {
        var step = StageStep()
        step.mark = node.mark
        step.index = index
        do throws(DocumentError) {
            try StageStep.table.read(node, into: &step)
            step.digest = StepDigest.text(of: node)
            return step
        } catch {
            remarks.append(OEMRemark(.step, error))
            return nil
        }
    }
}
