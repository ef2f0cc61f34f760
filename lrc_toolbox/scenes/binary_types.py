"""Which node type a Maya binary file means by its four characters.

Only Maya's own types; those of plug-ins are declared by the file itself (`PLUG`).

Sources: the three binary scenes that the tests read; the list of type ids that Maya
2012 gives for its node types, as published beside the open maya-scenefile-parser.
"""

from __future__ import annotations

_LISTED = """
DADL=addDoubleLinear DAMX=addMatrix UNKN=adskAssetInstanceNode ADSM=adskMaterial
DAMC=aimConstraint YAIR=airField NALC=alignCurve NALS=alignSurface AMBL=ambientLight
NABT=angleBetween ABND=animBlend ABIO=animBlendInOut ABNA=animBlendNodeAdditive
ABAA=animBlendNodeAdditiveDA ABAL=animBlendNodeAdditiveDL ABAF=animBlendNodeAdditiveF
ABFA=animBlendNodeAdditiveFA ABFL=animBlendNodeAdditiveFL
ABAS=animBlendNodeAdditiveI16 ABAI=animBlendNodeAdditiveI32
ABNR=animBlendNodeAdditiveRotation ABNS=animBlendNodeAdditiveScale
ABBO=animBlendNodeBoolean ABNE=animBlendNodeEnum CLPN=animClip PCTA=animCurveTA
PCTL=animCurveTL PCTT=animCurveTT PCTU=animCurveTU PCUA=animCurveUA PCUL=animCurveUL
PCUT=animCurveUT PCUU=animCurveUU ANLR=animLayer RANI=anisotropic ANNS=annotationShape
ADMN=arcLengthDimension ARLT=areaLight DAMP=arrayMapper NATC=attachCurve
NATS=attachSurface AUDI=audio NACR=avgCurves NANP=avgNurbsSurfacePoints
NASP=avgSurfacePoints FBAS=baseLattice NBVL=bevel NBSV=bevelPlus BCRV=bezierCurve
BTNR=bezierCurveToNurbs RBL2=blendColors PBCS=blendColorSets BLDV=blendDevice
FBLS=blendShape ABL2=blendTwoAttr ABLW=blendWeighted BLDT=blindDataTemplate RBLN=blinn
FBUL=boneLattice NBOL=boolean NBND=boundary RFBM=brownian BRSH=brush RTBU=bulge
RBUM=bump2d RBU3=bump3d CTRK=cacheBlend CCHF=cacheFile DCAM=camera DRTR=cameraSet
DCAV=cameraView CHAR=character CMAP=characterMap XOFF=characterOffset RTCH=checker
CHCE=choice CHOO=chooser RCL3=clamp CLIP=clipLibrary CSCH=clipScheduler
NCCU=closeCurve CPOM=closestPointOnMesh NCPS=closestPointOnSurface NCSU=closeSurface
RTCL=cloth RTCD=cloud FCLS=cluster FCLH=clusterHandle COLP=colorProfile RCND=condition
CONT=container COBA=containerBase RCON=contrast CPCS=copyColorSet CPUS=copyUVSet
RS40=crater CRCS=createColorSet CRUS=createUVSet NCMC=curveFromMeshCoM
NCME=curveFromMeshEdge SCSE=curveFromSubdivEdge SCSF=curveFromSubdivFace
NCSB=curveFromSurfaceBnd NCSC=curveFromSurfaceCoS NCSI=curveFromSurfaceIso
NCIN=curveInfo NCCI=curveIntersect CNRA=curveNormalizerAngle
CNRL=curveNormalizerLinear NCVG=curveVarGroup DAGC=dagContainer FPOS=dagPose
DEFL=defaultLightList DRNL=defaultRenderingList DRUL=defaultRenderUtilityList
RDSL=defaultShaderList RDTL=defaultTextureList FDBD=deformBend FDFL=deformFlare
FDSN=deformSine FDSQ=deformSquash FDTW=deformTwist FDWV=deformWave DLCS=deleteColorSet
DECT=deleteComponent DLMS=deleteUVSet NDTC=detachCurve NDTS=detachSurface
DDSC=directedDisc DIRL=directionalLight DSKC=diskCache RDSH=displacementShader
DSPL=displayLayer DPLM=displayLayerManager DDBT=distanceBetween DDMN=distanceDimShape
DOFD=dof SWH2=doubleShadingSwitch NDBS=dpBirailSrf YDRG=dragField DLCT=dropoffLocator
DCON=dynamicConstraint YDGL=dynGlobals REBL=envBall RECH=envChrome RECB=envCube
REFC=envFacade REFG=envFog ENVF=environmentFog RESK=envSky RESP=envSphere
NESH=explodeNurbsShell DEXP=expression NEXC=extendCurve NEXS=extendSurface
NEXR=extrude DFCN=facade NBLT=ffBlendSrf NBLS=ffBlendSrfObsolete FFFD=ffd
NFFS=ffFilletSrf RTFT=file NFCR=filletCurve FLTC=filterClosestSample FLTE=filterEuler
FLTR=filterResample FLTS=filterSimplify NFTC=fitBspline FLXH=flexorShape FLOW=flow
FEMI=fluidEmitter FLUI=fluidShape FLTT=fluidTexture2D FLTX=fluidTexture3D
HCRV=follicle FBFM=fourByFourMatrix RT2F=fractal FCCH=frameCache RGAM=gammaCorrect
YGCO=geoConnectable YGCT=geoConnector DGNC=geometryConstraint DGFI=geometryFilter
NGVG=geometryVarGroup GCCL=globalCacheControl NGST=globalStitch RTGR=granite
YGRA=gravityField RTGD=grid GPID=groupId GRPP=groupParts FGUI=guide
HPIN=hairConstraint HSYS=hairSystem RHTB=hairTubeShader NHDP=hardenPoint
HWRG=hardwareRenderGlobals HRRG=hardwareRenderingGlobals OCPP=heightField
DFIK=hikEffector JTIK=hikFKJoint HFCM=hikFloorContactMarker HGND=hikGroundPlane
KHIH=hikHandle IKEF=hikIKEffector KHIK=hikSolver HISS=historySwitch DPHM=holdMatrix
RH2R=hsvToRgb HWRM=hwReflectionMap YHRD=hwRenderGlobals HYPR=hyperGraphInfo
HYPL=hyperLayout DHPV=hyperView KEFF=ikEffector KHDL=ikHandle KMCS=ikMCsolver
KPAS=ikPASolver KRPS=ikRPsolver KSCS=ikSCsolver KSPS=ikSplineSolver KSYS=ikSystem
DIPL=imagePlane FIBX=implicitBox FICO=implicitCone FISP=implicitSphere
NIKC=insertKnotCurve NIKS=insertKnotSurface YNST=instancer NISF=intersectSurface
JGDF=jiggle JOIN=joint FJCL=jointCluster FFDB=jointFfd FBEL=jointLattice
KGRP=keyingGroup RLAM=lambert FLAT=lattice LYRS=layeredShader LYRT=layeredTexture
NLSM=leastSquaresModifier RTLE=leather RFOG=lightFog RLIN=lightInfo RLLK=lightLinker
LLST=lightList LMOD=lineModifier LOCT=locator LODG=lodGroup LODT=lodThresholds
NSKN=loft DLAT=lookAt RLUM=luminance PMGR=makeGroup NMIC=makeIllustratorCurves
NCRC=makeNurbCircle NCNE=makeNurbCone NCUB=makeNurbCube NCYL=makeNurbCylinder
NPLN=makeNurbPlane NSPH=makeNurbSphere NSQR=makeNurbsSquare NTOR=makeNurbTorus
NTXC=makeTextCurves N3CA=makeThreePointCircularArc N2CA=makeTwoPointCircularArc
RTMR=marble RMFC=materialFacade DMTI=materialInfo MEMB=membrane RMTX=mentalrayTexture
DMSH=mesh NMVG=meshVarGroup MPTH=motionPath MOTR=motionTrail MOSH=motionTrailShape
RTMT=mountain RTMV=movie NMBS=mpBirailSrf DMDL=multDoubleLinear MULL=multilisterLight
RMDI=multiplyDivide DMTM=multMatrix MUTE=mute NCLO=nCloth NCMP=nComponent
NPOC=nearestPointOnCurve NTWK=network YNEW=newtonField NGEI=nodeGraphEditorInfo
RTN3=noise FNLD=nonLinear DNC2=normalConstraint NPAR=nParticle NRGD=nRigid
NSYS=nucleus NCRV=nurbsCurve NRTB=nurbsCurveToBezier NSRF=nurbsSurface
NTES=nurbsTessellate SNTS=nurbsToSubdiv SNTP=nurbsToSubdivProc OFAT=objectAttrFilter
OKFL=objectBinFilter OFLT=objectFilter OMFL=objectMultiFilter ONFL=objectNameFilter
ORFL=objectRenderFilter OSFL=objectScriptFilter OBST=objectSet OTFL=objectTypeFilter
RTOC=ocean ROPS=oceanShader NOCS=offsetCos NOCU=offsetCurve NOSU=offsetSurface
BDDT=oldBlindDataBase OPFX=opticalFX ORTM=orientationMarker DORC=orientConstraint
APBL=pairBlend RDMN=paramDimension DPAR=parentConstraint YPAR=particle
PAMA=particleAgeMapper PCLD=particleCloud PCMA=particleColorMapper
PIMA=particleIncandMapper PSIN=particleSamplerInfo PTMA=particleTranspMapper
PRTN=partition PSCM=passContributionMap DPSM=passMatrix PFHA=pfxHair PFTO=pfxToon
RPHO=phong RPHE=phongE RPL2=place2dTexture RPLD=place3dTexture NPLT=planarTrimSurface
RPMA=plusMinusAverage DPTC=pointConstraint YEMI=pointEmitter POIT=pointLight
DPMM=pointMatrixMult NPCI=pointOnCurveInfo DPPC=pointOnPolyConstraint
NPSI=pointOnSurfaceInfo DPVC=poleVectorConstraint PAPP=polyAppend
PAPV=polyAppendVertex PAUP=polyAutoProj PAVV=polyAverageVertex PBVL=polyBevel
MBDT=polyBlindData PBOP=polyBoolOp PBRE=polyBridgeEdge PCHI=polyChipOff
PCLO=polyCloseBorder PCOE=polyCollapseEdge PCOF=polyCollapseF PCDL=polyColorDel
PCMO=polyColorMod PCPV=polyColorPerVertex PCON=polyCone PCCS=polyConnectComponents
PCUV=polyCopyUV PCRS=polyCrease PCSE=polyCreaseEdge PCRE=polyCreateFace PCUB=polyCube
PPCT=polyCut PCYL=polyCylinder PCYP=polyCylProj PDEE=polyDelEdge PDEF=polyDelFacet
PDEV=polyDelVertex PDUE=polyDuplicateEdge PTCV=polyEdgeToCurve PEXE=polyExtrudeEdge
PEXF=polyExtrudeFace PEXV=polyExtrudeVertex PFLE=polyFlipEdge PFUV=polyFlipUV
HELI=polyHelix PHFE=polyHoleFace PLUV=polyLayoutUV PMAC=polyMapCut PMAD=polyMapDel
PMAS=polyMapSew PSEM=polyMapSewMove PMEE=polyMergeEdge PMEF=polyMergeFace
PMGU=polyMergeUV PMVE=polyMergeVert PMIR=polyMirror PMOE=polyMoveEdge
PMOF=polyMoveFace PMFU=polyMoveFacetUV PMUV=polyMoveUV PMOV=polyMoveVertex
PNOR=polyNormal PNUV=polyNormalizeUV PNPV=polyNormalPerVertex POUV=polyOptUvs
PPIP=polyPipe PPLP=polyPlanarProj PMES=polyPlane SOLI=polyPlatonicSolid PPPK=polyPoke
MISC=polyPrimitiveMisc PPRI=polyPrism PPRO=polyProj PPCV=polyProjectCurve
PPYR=polyPyramid PQUA=polyQuad PRED=polyReduce PSEP=polySeparate PSWE=polySewEdge
PSMT=polySmooth PSMF=polySmoothFace PSMP=polySmoothProxy PSOE=polySoftEdge
PSPH=polySphere PSPP=polySphProj PSPQ=polySpinEdge PSPL=polySplit PSED=polySplitEdge
PSPR=polySplitRing PSVE=polySplitVert PSTB=polyStraightenUVBorder PSUE=polySubdEdge
PSUF=polySubdFace PTOR=polyTorus PSDS=polyToSubdiv PTFR=polyTransfer
PTRI=polyTriangulate PTWK=polyTweak PTUV=polyTweakUV PUNI=polyUnite
PUVR=polyUVRectangle PWFC=polyWedgeFace PSDM=poseInterpolatorManager
POSM=positionMarker PPST=postProcessList TXKE=precompExport NPCR=projectCurve
RPRJ=projection NPTN=projectTangent PXMG=proxyManager PSDT=psdFileTex
SWH4=quadShadingSwitch YRAD=radialField RTRA=ramp RRPS=rampShader NRBF=rbfSrf
NRBC=rebuildCurve NRBS=rebuildSurface RECD=record REFN=reference RMCL=remapColor
RMHS=remapHsv RMVL=remapValue RNBX=renderBox RNCO=renderCone RCIS=renderedImageSource
RGLB=renderGlobals RDGL=renderGlobalsList RNDL=renderLayer RNLM=renderLayerManager
RNPS=renderPass RPSS=renderPassSet RQUA=renderQuality RRCT=renderRect
RNSP=renderSphere RNTG=renderTarget RLTN=resolution RCTA=resultCurveTimeToAngular
RCTL=resultCurveTimeToLinear RCTT=resultCurveTimeToTime RCTU=resultCurveTimeToUnitless
RRVS=reverse NRVC=reverseCurve NRVS=reverseSurface NRVL=revolve RR2H=rgbToHsv
YRGD=rigidBody YCST=rigidConstraint YSLV=rigidSolver RTRK=rock
NRCR=roundConstantRadius FSMP=sampler RSIN=samplerInfo DSCC=scaleConstraint
SCRP=script FSCP=sculpt SLOP=selectionListOperator SQMG=sequenceManager SQNC=sequencer
RRNG=setRange SHGL=shaderGlow SHEF=shadingEffect SHAD=shadingEngine SDMP=shadingMap
SDML=shapeEditorManager STES=shellTessellate SHOT=shot SVSH=simpleVolumeShader
SWH1=singleShadingSwitch SKPN=sketchPlane SKBD=skinBinding FSCL=skinCluster SMEA=smear
NSMC=smoothCurve NSTN=smoothTangentSrf SNPT=snapshot SSHA=snapshotShape RTSN=snow
FSSL=softMod FSSH=softModHandle RTF3=solidFractal NSBS=spBirailSrf SPTL=spotLight
YSPR=spring NSQS=squareSrf RTST=stencil SRCA=stereoRigCamera NSSH=stitchAsNurbsShell
NSTS=stitchSrf STRK=stroke STKG=strokeGlobals RS60=stucco SCLR=studioClearCoat
NSTC=styleCurve NSBC=subCurve SATY=subdAddTopology SAUP=subdAutoProj
SBDT=subdBlindData SCTY=subdCleanTopology SHRB=subdHierBlind SDSS=subdiv
SCLP=subdivCollapse SSID=subdivComponentId SRVF=subdivReverseFaces
SSVG=subdivSurfaceVarGroup SDSN=subdivToNurbs SDSP=subdivToPoly SLUV=subdLayoutUV
SMAC=subdMapCut SSEM=subdMapSewMove SPLP=subdPlanarProj STWK=subdTweak
STUV=subdTweakUV NSSR=subSurface NSIN=surfaceInfo RSLU=surfaceLuminance
RSSH=surfaceShader NSVG=surfaceVarGroup DTC2=tangentConstraint TBAK=textureBakeSet
TTGO=textureToGeom TIME=time tfxn=timeFunction DTMU=timeToUnitConversion
TLAT=toonLineAttributes TRAT=transferAttributes XFRM=transform TGEO=transformGeometry
NTRM=trim NTWB=trimWithBoundaries SWH3=tripleShadingSwitch YTUR=turbulenceField
FMPT=tweak YUNI=uniformField DUNT=unitConversion DUTM=unitToTimeConversion
UNKD=unknownDag UNKT=unknownTransform NUTR=untrim USBG=useBackground UVCH=uvChooser
RVEC=vectorProduct VBAK=vertexBakeSet VWCM=viewColorManager YVXF=volumeAxisField
RVFG=volumeFog VOLL=volumeLight RTV3=volumeNoise RVSH=volumeShader YVOR=vortexField
RTWA=water DWGF=weightGeometryFilter FWIR=wire RTWD=wood FWRP=wrap
WTCB=writeToColorBuffer WTDB=writeToDepthBuffer WTLB=writeToLabelBuffer
WTVB=writeToVectorBuffer DWAM=wtAddMatrix
"""

#: Node type by type id.
NODE_TYPES = dict(pair.split("=") for pair in _LISTED.split())


def unknown_type(code: bytes) -> str:
    """The name under which a type that nobody declared is counted: `unknown:XYZW`."""
    plain = code.isalnum() and code.isascii()
    return f"unknown:{code.decode('ascii') if plain else code.hex()}"
